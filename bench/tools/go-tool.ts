import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../test/mesh/tools/command';
import { withLock } from '../../test/mesh/tools/lock';
import { withProgress } from '../../test/mesh/tools/progress';

/** A command that is built from Go sources. */
export interface GoTool {
  readonly name: string;
  /** Folder of the module that pins its dependencies. */
  readonly module: string;
  /** What to build, as `go build` takes it in that folder. */
  readonly target: string;
  /** Files of our own that it is built from. */
  readonly sources?: readonly string[];
}

/**
 * Path of the command, built first if the cache of the mesh tests' tools (`$MESHVM_TOOLS_CACHE`, or `meshvm/tools` in the user's
 * cache folder) has it not. Runs at the same time build once.
 */
export async function ensureGoTool(tool: GoTool): Promise<string> {
  const cache =
    process.env.MESHVM_TOOLS_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'meshvm/tools');
  const key = `${tool.name}-${await buildKey(tool)}`;
  const folder = join(cache, key);
  if (!existsSync(folder)) {
    const onWait = (): void => void process.stderr.write(`${tool.name}: another process is building it, waiting ...\n`);
    await withLock(`meshvm-tool-${createHash('sha256').update(folder).digest('hex')}`, onWait, async () => {
      if (existsSync(folder)) return;
      const unfinished = join(cache, `unfinished-${key}`);
      // Nobody else builds this key now: what is there is what a killed build has left.
      rmSync(unfinished, { recursive: true, force: true });
      mkdirSync(unfinished, { recursive: true });
      try {
        await withProgress(`building ${tool.name}`, () => build(tool, join(unfinished, tool.name)));
        renameSync(unfinished, folder);
      } finally {
        rmSync(unfinished, { recursive: true, force: true });
      }
    });
  }
  return join(folder, tool.name);
}

async function build({ module, target }: GoTool, output: string): Promise<void> {
  await run('go', ['build', '-trimpath', '-ldflags', '-s -w', '-o', output, target], module);
}

/** Everything that decides what the binary is. */
async function buildKey({ module, target, sources = [] }: GoTool): Promise<string> {
  const hash = createHash('sha256').update(target);
  for (const file of [join(module, 'go.mod'), join(module, 'go.sum'), ...sources]) hash.update(readFileSync(file));
  // Asked in the module's folder: its `go` line may select another toolchain than the one on the PATH.
  hash.update(await run('go', ['env', 'GOVERSION', 'GOOS', 'GOARCH', 'CGO_ENABLED'], module));
  return hash.digest('hex').slice(0, 16);
}
