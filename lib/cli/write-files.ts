import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Texts by the names of their files. */
export type Files = Readonly<Record<string, string>>;

/** What became of the files, or why nothing was written. */
export interface WrittenFiles {
  /** A line for each file. */
  readonly report: readonly string[];
  readonly problems: readonly string[];
}

/** Files of an Envoy's folder that are not written by everybody, and go when they are no longer wanted. */
const OPTIONAL = ['hosts'];

/**
 * Writes files into a folder: all of them or none, each by moving it into its place. A file that meshvm has not made is replaced only by
 * force.
 */
export function writeFiles(folder: string, files: Files, force = false): WrittenFiles {
  const stale = OPTIONAL.filter((name) => files[name] === undefined && isOurs(contentOf(join(folder, name))));
  const foreign = Object.entries(files).filter(([name, text]) => {
    const old = contentOf(join(folder, name));
    return old !== undefined && old !== text && !isOurs(old);
  });
  if (foreign.length > 0 && !force) {
    return {
      report: [],
      problems: foreign.map(
        ([name]) =>
          `${join(folder, name)} is there, and meshvm has not made it\n  fix: choose another folder, or --force to replace it`,
      ),
    };
  }
  try {
    mkdirSync(folder, { recursive: true });
    const changed = Object.entries(files).filter(([name, text]) => contentOf(join(folder, name)) !== text);
    moveIn(folder, changed);
    for (const name of stale) rmSync(join(folder, name));
    const report = Object.keys(files).map(
      (name) => `${join(folder, name)} ${changed.some(([other]) => other === name) ? 'written' : 'unchanged'}`,
    );
    return { report: [...report, ...stale.map((name) => `${join(folder, name)} removed`)], problems: [] };
  } catch (error) {
    return {
      report: [],
      problems: [
        `${folder} can't be written: ${(error as Error).message}\n  fix: check the folder and its permissions`,
      ],
    };
  }
}

function moveIn(folder: string, files: readonly (readonly [string, string])[]): void {
  if (files.length === 0) return;
  const unfinished = mkdtempSync(join(folder, '.meshvm-'));
  try {
    for (const [name, text] of files) writeFileSync(join(unfinished, name), text, { mode: 0o644 });
    for (const [name] of files) renameSync(join(unfinished, name), join(folder, name));
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Every file that meshvm makes says so in its first line. */
function isOurs(text: string | undefined): boolean {
  return /^# (Envoy of .* Made by meshvm|meshvm-envoy [a-z0-9-]+ begin$)/m.test(text?.split('\n', 1)[0] ?? '');
}

function contentOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
