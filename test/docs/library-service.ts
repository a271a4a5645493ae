import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..', '..');

/** Path of the file that exports the constructs for cdk8s. */
export const ENTRY_POINT = join(ROOT, 'lib', 'index.ts');

/**
 * The library as an editor knows it that has these files open, by path, with the settings of the examples. There is one editor, which reads
 * the library and its peers once: opening files closes those that were open.
 */
export function openInEditor(files: Readonly<Record<string, string>>): ts.LanguageService {
  opened = files;
  version += 1;
  editor ??= ts.createLanguageService(HOST);
  return editor;
}

let opened: Readonly<Record<string, string>> = {};
let version = 0;
let editor: ts.LanguageService | undefined;
let options: ts.CompilerOptions | undefined;

const HOST: ts.LanguageServiceHost = {
  getCompilationSettings: () => {
    options ??= optionsOfExamples();
    return options;
  },
  getScriptFileNames: () => [ENTRY_POINT, ...Object.keys(opened)],
  getProjectVersion: () => String(version),
  getScriptVersion: (name) => (name in opened ? String(version) : '0'),
  getScriptSnapshot: (name) => {
    const text = opened[name] ?? ts.sys.readFile(name);
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
  },
  getCurrentDirectory: () => ROOT,
  getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
  fileExists: (name) => name in opened || ts.sys.fileExists(name),
  readFile: (name) => opened[name] ?? ts.sys.readFile(name),
  directoryExists: (name) => ts.sys.directoryExists(name),
  getDirectories: (name) => ts.sys.getDirectories(name),
};

function optionsOfExamples(): ts.CompilerOptions {
  const folder = join(ROOT, 'examples');
  const { config } = ts.readConfigFile(join(folder, 'tsconfig.json'), ts.sys.readFile);
  return ts.parseJsonConfigFileContent(config, ts.sys, folder).options;
}
