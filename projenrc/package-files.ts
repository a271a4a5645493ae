import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { writeAgentPrograms } from './agent-programs';

/**
 * Writes what the package runs, next to its declarations, and beside that the provider for Pulumi: `tsx projenrc/package-files.ts FOLDER`.
 *
 * Its JavaScript is one file for each way in, because loading hundreds of small ones takes five times as long, and files for what several of
 * them need, so that a program that imports two of them has every class once.
 */
const ROOT = join(__dirname, '..');
const LIB = join(ROOT, 'lib');
/** Names of the files, and the sources that they begin with. */
const INPUT = {
  index: 'index.ts',
  pulumi: 'pulumi/index.ts',
  aws: 'pulumi/aws/index.ts',
  cli: 'cli/main.ts',
  // Its schema is made by projenrc/provider.
  provider: '../provider/main.ts',
};
/** What Pulumi's engine starts: it looks for this name in the folder that a project names. */
const PROVIDER = 'pulumi-resource-meshvm';

async function main(folder: string): Promise<void> {
  await writeBundles(folder);
  chmodSync(join(folder, 'cli.js'), 0o755);
  writeProvider(join(folder, '../provider'));
  writeAgentPrograms(join(folder, 'join/agent'));
  cpSync(join(LIB, 'survey/machine'), join(folder, 'survey/machine'), { recursive: true });
}

function writeProvider(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, PROVIDER), "#!/usr/bin/env node\nrequire('../lib/provider.js');\n", { mode: 0o755 });
}

async function writeBundles(folder: string): Promise<void> {
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({
    cwd: ROOT,
    input: Object.fromEntries(Object.entries(INPUT).map(([name, source]) => [name, join(LIB, source)])),
    platform: 'node',
    external: (id) => !id.startsWith('.') && !id.startsWith(ROOT),
    plugins: [{ name: 'keep-folders', transform: keepFolder }],
    onLog: (level, log) => {
      if (level === 'warn') throw new Error(log.message);
    },
  });
  await bundle.write({
    dir: folder,
    format: 'cjs',
    exports: 'named',
    entryFileNames: '[name].js',
    chunkFileNames: 'shared-[name].js',
    // Their texts stand in the declarations.
    comments: { annotation: true, legal: false, jsdoc: false },
    sourcemap: true,
  });
  await bundle.close();
}

function keepFolder(code: string, path: string) {
  if (!code.includes('__dirname')) return undefined;
  const folder = relative(LIB, dirname(path));
  return { code: code.replaceAll('__dirname', `(__dirname + '/${folder}')`), map: null };
}

main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});
