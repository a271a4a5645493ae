import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { withLock } from './lock';
import type { Tool } from './tool';

/** Where all tools lie: `$MESHVM_TOOLS_CACHE`, or `meshvm/tools` in the user's cache folder. */
export function cacheFolder(): string {
  return (
    process.env.MESHVM_TOOLS_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'meshvm/tools')
  );
}

/** The tools that there are, by name. */
export type Catalog = Readonly<Record<string, Tool>>;

/** The folder of a tool, whether it has been made or not. */
export async function placeOf(catalog: Catalog, name: string): Promise<string> {
  const hash = createHash('sha256');
  const others = Object.values(await othersOf(catalog, name)).map((folder) => basename(folder));
  for (const ingredient of [...others, ...(await catalog[name].ingredients())]) {
    hash.update(`${Buffer.byteLength(ingredient)}\n`).update(ingredient);
  }
  return join(cacheFolder(), `${name}-${hash.digest('hex').slice(0, 16)}`);
}

/** The folders of the tools that a tool is made with, by name. */
async function othersOf(catalog: Catalog, name: string): Promise<Readonly<Record<string, string>>> {
  const places = (catalog[name].madeWith ?? []).map(async (other) => [other, await placeOf(catalog, other)] as const);
  return Object.fromEntries(await Promise.all(places));
}

/**
 * Makes a tool if it is not there; those that it is made with must be.
 *
 * That happens beside its final place, under a lock: runs at the same time make it once, and a killed one leaves nothing that looks
 * finished.
 */
export async function makeOnce(catalog: Catalog, name: string): Promise<void> {
  const folder = await placeOf(catalog, name);
  if (existsSync(folder)) return;
  const onWait = (): void => void process.stderr.write(`${basename(folder)}: another process makes it, waiting ...\n`);
  await withLock(`meshvm-tool-${createHash('sha256').update(folder).digest('hex')}`, onWait, async () => {
    if (existsSync(folder)) return;
    const unfinished = `${folder}.unfinished`;
    // Nobody else makes this one now: what is there is what a killed process has left.
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    try {
      await catalog[name].make(unfinished, await othersOf(catalog, name));
      renameSync(unfinished, folder);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  });
}
