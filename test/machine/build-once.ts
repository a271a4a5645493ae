import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { withLock } from '../mesh/tools/lock';
import { withProgress } from '../mesh/tools/progress';

/** Something that is made once and kept in the cache for as long as its ingredients stay the same. */
export interface Recipe {
  /** What it is, in the words of a progress line; its folder is named so, too. */
  readonly name: string;
  /** Everything that decides what comes out. */
  readonly ingredients: readonly (string | Buffer)[];
  /** Makes it in an empty folder. */
  readonly make: (folder: string) => Promise<void>;
}

/**
 * Returns the folder of what the recipe makes, making it first if it is not in the cache (`$MESHVM_MACHINE_CACHE`, or `meshvm/machine` in
 * the user's cache folder).
 *
 * It is made beside its final place and renamed into it when complete, under a lock: runs at the same time make it once, and a killed
 * one leaves nothing that looks finished.
 */
export async function buildOnce(recipe: Recipe): Promise<string> {
  const hash = createHash('sha256');
  for (const ingredient of recipe.ingredients) {
    hash.update(`${Buffer.byteLength(ingredient)}\n`).update(ingredient);
  }
  const folder = join(cacheFolder(), `${recipe.name.replaceAll(' ', '-')}-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  const onWait = (): void => void process.stderr.write(`${recipe.name}: another process makes it, waiting ...\n`);
  await withLock(`meshvm-machine-${createHash('sha256').update(folder).digest('hex')}`, onWait, async () => {
    if (existsSync(folder)) return;
    const unfinished = `${folder}.unfinished`;
    // Nobody else makes this one now: what is there is what a killed process has left.
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    try {
      await withProgress(`machine tests: making the ${recipe.name}`, () => recipe.make(unfinished));
      renameSync(unfinished, folder);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  });
  return folder;
}

function cacheFolder(): string {
  const own = process.env.MESHVM_MACHINE_CACHE;
  if (own) return own;
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'meshvm', 'machine');
}
