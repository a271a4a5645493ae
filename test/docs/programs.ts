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
  const parent = mkdtempSync(join(ROOT, 'examples', TRIAL));
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
  compiler ??= compilerOfExamples();
  const mains = folders.map((folder) => join(folder, 'main.ts'));
  const program = ts.createProgram(mains, compiler.options, compiler.host);
  return mains.flatMap((main, index) => {
    const source = program.getSourceFile(main);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
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

const TRIAL = 'docs-';

interface Compiler {
  readonly options: ts.CompilerOptions;
  readonly host: ts.CompilerHost;
}

let compiler: Compiler | undefined;

/** The compiler with the settings of the examples, which reads and resolves what all programs import once. */
function compilerOfExamples(): Compiler {
  const { config } = ts.readConfigFile(join(ROOT, 'examples', 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, join(ROOT, 'examples'));
  const host = ts.createCompilerHost(options);
  const resolved = ts.createModuleResolutionCache(ROOT, host.getCanonicalFileName, options);
  const read = host.getSourceFile;
  const known = new Map<string, ts.SourceFile | undefined>();
  host.getModuleResolutionCache = () => resolved;
  host.getSourceFile = (name, ...rest) => {
    if (name.includes(TRIAL)) return read(name, ...rest);
    if (!known.has(name)) known.set(name, read(name, ...rest));
    return known.get(name);
  };
  return { options, host };
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
