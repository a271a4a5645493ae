import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, isMap as isMapNode, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import { compareText, isMap } from '../graph/fields';

/** The objects of files, or what is wrong with the files: all of it. */
export interface ReadObjects {
  readonly objects: readonly unknown[];
  /** Each with its file, its line where there is one, and what to do. */
  readonly problems: readonly string[];
}

/** Reads files, folders and, for `-`, standard input. */
export function readObjects(paths: readonly string[], recursive: boolean): ReadObjects {
  const objects: unknown[] = [];
  const problems: string[] = [];
  for (const path of paths) {
    try {
      for (const file of path === '-' ? [STANDARD_INPUT] : filesOf(path, recursive)) {
        const read = parseObjects(file.name, readFileSync(file.source, 'utf8'));
        objects.push(...read.objects);
        problems.push(...read.problems);
      }
    } catch (error) {
      problems.push(`${path}: ${errorText(error)}`);
    }
  }
  if (objects.length === 0 && problems.length === 0) {
    problems.push(`${paths.join(', ')}: no objects in there; name the files or folders that hold the YAML`);
  }
  return { objects, problems };
}

/** Reads the objects of a text of YAML or JSON. Lists, such as kubectl prints, count as their items. */
export function parseObjects(file: string, text: string): ReadObjects {
  const lines = new LineCounter();
  const objects: unknown[] = [];
  const problems: string[] = [];
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  for (const document of Array.isArray(parsed) ? parsed : []) {
    const lineOf = (offset: number) => `${file}:${lines.linePos(offset).line}`;
    for (const error of document.errors) {
      const hint = /\{\{/.test(lineAt(text, error.pos[0]))
        ? 'this looks like a template: render it first, as with helm template'
        : 'correct the YAML there';
      problems.push(`${lineOf(error.pos[0])}: ${error.message}; ${hint}`);
    }
    if (document.errors.length > 0) continue;
    const start = lineOf(document.contents?.range?.[0] ?? 0);
    try {
      const value: unknown = document.toJS();
      if (value !== null && value !== undefined) collect(value, start, itemLines(document, lineOf));
    } catch (error) {
      // Aliases that would fill the memory.
      problems.push(`${start}: ${(error as Error).message}; write it out without aliases`);
    }
  }
  return { objects, problems };

  function collect(value: unknown, place: string, places: readonly string[]): void {
    if (isMap(value) && typeof value.kind === 'string' && value.kind.endsWith('List') && Array.isArray(value.items)) {
      value.items.forEach((item: unknown, index) => {
        collect(item, places[index] ?? place, []);
      });
      return;
    }
    const problem = problemOf(value);
    if (problem === undefined) objects.push(value);
    else problems.push(`${place}: ${problem}`);
  }
}

interface Source {
  /** How messages name it. */
  readonly name: string;
  /** Path, or file descriptor. */
  readonly source: string | number;
}

const STANDARD_INPUT: Source = { name: 'standard input', source: 0 };
const EXTENSIONS = /\.(ya?ml|json)$/i;

/** Files of a folder in the order of their names, as kubectl takes them; a file that is named is read whatever its name. */
function filesOf(path: string, recursive: boolean): readonly Source[] {
  if (!statSync(path).isDirectory()) return [{ name: path, source: path }];
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => compareText(a.name, b.name));
  return entries.flatMap((entry) => {
    const child = join(path, entry.name);
    if (statSync(child).isDirectory()) return recursive ? filesOf(child, recursive) : [];
    return EXTENSIONS.test(entry.name) ? [{ name: child, source: child }] : [];
  });
}

/** What keeps a value from being an object of Kubernetes. */
function problemOf(value: unknown): string | undefined {
  if (!isMap(value)) return 'this is no Kubernetes object but a text, number or list; leave it out';
  const missing = ['apiVersion', 'kind'].filter((key) => typeof value[key] !== 'string' || value[key] === '');
  if (missing.length > 0) {
    return `a Kubernetes object needs ${missing.join(' and ')}; add it, or leave the file out (values for Helm are no objects)`;
  }
  const { metadata } = value;
  const named = isMap(metadata) && typeof metadata.name === 'string' && metadata.name !== '';
  return named ? undefined : `this ${String(value.kind)} needs metadata.name; add it`;
}

function itemLines(document: Document.Parsed, lineOf: (offset: number) => string): readonly string[] {
  const items: unknown = isMapNode(document.contents) ? document.contents.get('items', true) : undefined;
  if (!isSeq(items)) return [];
  return items.items.map((item) => lineOf((item as { readonly range?: readonly number[] }).range?.[0] ?? 0));
}

function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return text.slice(start, end < 0 ? undefined : end);
}

function errorText(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file or folder; check the path';
  if (code === 'EACCES') return 'it may not be read; check its permissions';
  return message;
}
