import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..', '..');

/** Path of the file that exports the constructs for cdk8s. */
export const ENTRY_POINT = join(ROOT, 'lib', 'index.ts');

/** Settings of the compiler for what is looked at, not emitted. */
export const OPTIONS: ts.CompilerOptions = {
  strict: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  types: ['node'],
  noEmit: true,
  skipLibCheck: true,
};

/** The library as an editor knows it that has `files` open, by path. */
export function libraryService(files: Readonly<Record<string, string>> = {}): ts.LanguageService {
  return ts.createLanguageService({
    getCompilationSettings: () => OPTIONS,
    getScriptFileNames: () => [ENTRY_POINT, ...Object.keys(files)],
    getScriptVersion: () => '1',
    getScriptSnapshot: (name) => {
      const text = files[name] ?? ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => ROOT,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (name) => name in files || ts.sys.fileExists(name),
    readFile: (name) => files[name] ?? ts.sys.readFile(name),
    directoryExists: ts.sys.directoryExists,
  });
}
