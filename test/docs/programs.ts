import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import ts from 'typescript';
import { parseAllDocuments } from 'yaml';
import { builtPackage } from '../package/built-package';
import { openInEditor } from './library-service';

const ROOT = join(__dirname, '../..');

/** A program on a page, once it has run. */
export interface ProgramRun {
  /** Exit code. */
  readonly status: number | null;
  /** What it said on standard error. */
  readonly stderr: string;
  /** Names of the files that it wrote to dist/, in order. */
  readonly files: readonly string[];
  /** `<kind> <namespace>/<name>` of each object in those files. */
  readonly objects: readonly string[];
}

/** Every block of TypeScript on a page: each is a program of its own. */
export function programsOf(page: string): readonly string[] {
  return [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, program]) => program);
}

/**
 * Puts programs into folders where the built package is installed, and removes them when `use` is done. They are inside the repository, where
 * the compiler finds the package under its own name.
 */
export function withPrograms<T>(programs: readonly string[], use: (folders: readonly string[]) => T): T {
  const parent = mkdtempSync(join(ROOT, 'examples', 'docs-'));
  try {
    // Of its own, or Node.js would take the repository for the package.
    writeFileSync(join(parent, 'package.json'), '{}');
    mkdirSync(join(parent, 'node_modules'));
    symlinkSync(builtPackage(), join(parent, 'node_modules/meshvm'));
    const folders = programs.map((program, index) => {
      const folder = join(parent, String(index + 1));
      mkdirSync(folder);
      writeFileSync(join(folder, 'main.ts'), program);
      return folder;
    });
    return use(folders);
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}

/** What the compiler says of programs, as `<number of the program>: <message>`. */
export function typeErrorsOf(folders: readonly string[]): readonly string[] {
  const mains = folders.map((folder) => join(folder, 'main.ts'));
  const editor = openInEditor(Object.fromEntries(mains.map((main) => [main, readFileSync(main, 'utf8')])));
  return mains.flatMap((main, index) => {
    const found = [...editor.getSyntacticDiagnostics(main), ...editor.getSemanticDiagnostics(main)];
    return found.map(({ messageText }) => `${index + 1}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
  });
}

/** Runs a program, as a reader would. */
export function runProgram(folder: string): ProgramRun {
  const { code } = transformSync(readFileSync(join(folder, 'main.ts'), 'utf8'), { loader: 'ts', format: 'cjs' });
  writeFileSync(join(folder, 'main.js'), code);
  const { status, stderr } = spawnSync(process.execPath, ['main.js'], { cwd: folder, encoding: 'utf8' });
  const written = join(folder, 'dist');
  const files = status === 0 && existsSync(written) ? readdirSync(written).sort() : [];
  const documents = files.filter((file) => file.endsWith('.yaml'));
  return { status, stderr, files, objects: documents.flatMap((file) => objectsIn(join(written, file))) };
}

function objectsIn(file: string): readonly string[] {
  return parseAllDocuments(readFileSync(file, 'utf8')).map((document) => {
    const { kind, metadata } = document.toJS() as {
      readonly kind: string;
      readonly metadata: { readonly namespace?: string; readonly name: string };
    };
    return `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
  });
}
