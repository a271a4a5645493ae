import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const CACHE = join(ROOT, 'node_modules/.cache/meshvm-package');
const UNFINISHED = 'unfinished-';

/** The package as npm would install it, without its declarations: a folder that is built when its sources have changed. */
export function builtPackage(): string {
  built ??= build();
  return built;
}

let built: string | undefined;

function build(): string {
  const key = keyOfSources();
  const folder = join(CACHE, key);
  if (existsSync(folder)) return folder;
  mkdirSync(CACHE, { recursive: true });
  for (const other of readdirSync(CACHE))
    if (!other.startsWith(UNFINISHED)) rmSync(join(CACHE, other), { recursive: true });
  const unfinished = mkdtempSync(join(CACHE, UNFINISHED));
  try {
    const tsx = join(ROOT, 'node_modules/.bin/tsx');
    execFileSync(tsx, [join(ROOT, 'projenrc/package-files.ts'), join(unfinished, 'dist/lib')], { stdio: 'pipe' });
    copyFileSync(join(ROOT, 'package.json'), join(unfinished, 'package.json'));
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another process may have been quicker.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

function keyOfSources(): string {
  const hash = createHash('sha256');
  const sources = ['lib', 'projenrc', 'provider'].flatMap((parent) =>
    readdirSync(join(ROOT, parent), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|py|json)$/.test(name))
      .sort()
      .map((name) => join(parent, name)),
  );
  for (const source of ['package.json', ...sources]) hash.update(source).update(readFileSync(join(ROOT, source)));
  return hash.digest('hex').slice(0, 16);
}
