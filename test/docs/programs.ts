import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { parseAllDocuments } from 'yaml';

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
 * Puts programs into folders inside the repository, where the package is found under its own name, and removes them when `use` is done.
 */
export function withPrograms<T>(programs: readonly string[], use: (folders: readonly string[]) => T): T {
  const parent = mkdtempSync(join(ROOT, 'examples', 'docs-'));
  try {
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
  const { config } = ts.readConfigFile(join(ROOT, 'examples', 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, join(ROOT, 'examples'));
  const mains = folders.map((folder) => join(folder, 'main.ts'));
  const program = ts.createProgram(mains, options);
  return mains.flatMap((main, index) => {
    const source = program.getSourceFile(main);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(({ messageText }) => `${index + 1}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
  });
}

/** Runs a program, as a reader would. */
export function runProgram(folder: string): ProgramRun {
  const tsx = join(ROOT, 'node_modules/.bin/tsx');
  const tsconfig = join(ROOT, 'examples', 'tsconfig.json');
  const { status, stderr } = spawnSync(tsx, ['--tsconfig', tsconfig, 'main.ts'], { cwd: folder, encoding: 'utf8' });
  const files = status === 0 ? readdirSync(join(folder, 'dist')).sort() : [];
  return { status, stderr, files, objects: files.flatMap((file) => objectsIn(join(folder, 'dist', file))) };
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
