/**
 * Prints plain data as block YAML that every reader takes the same way: YAML 1.1 and 1.2, Go, Python and JavaScript. Text is
 * double-quoted as in JSON unless it is provably plain, or several lines of printable ASCII. Undefined properties are left out.
 */
export function blockYaml(document: Readonly<Record<string, unknown>>): string {
  return `${map(document, '')}\n`;
}

function map(value: Readonly<Record<string, unknown>>, indent: string): string {
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return entries.map(([key, item]) => `${indent}${keyOf(key)}:${inMap(item, indent)}`).join('\n');
}

function inMap(value: unknown, indent: string): string {
  if (!isBranch(value)) return ` ${leaf(value, indent)}`;
  // A list may stand as deep as its key.
  return `\n${Array.isArray(value) ? list(value, indent) : map(value as Readonly<Record<string, unknown>>, `${indent}  `)}`;
}

function list(values: readonly unknown[], indent: string): string {
  return values.map((item) => `${indent}- ${inList(item, `${indent}  `)}`).join('\n');
}

function inList(value: unknown, indent: string): string {
  if (!isBranch(value)) return leaf(value, indent);
  const text = Array.isArray(value) ? list(value, indent) : map(value as Readonly<Record<string, unknown>>, indent);
  return text.slice(indent.length);
}

function leaf(value: unknown, indent: string): string {
  if (Array.isArray(value)) return '[]';
  if (typeof value === 'object' && value !== null) return '{}';
  return scalar(value, indent);
}

/** Words that some YAML reader takes for something else than text. */
const WORDS = /^(?:null|true|false|yes|no|on|off|y|n)$/i;
const PLAIN = /^[A-Za-z/][A-Za-z0-9_./-]*$/;
const LINES = /^[!-~][ -~\n]*[!-~]\n?$/;

function keyOf(key: string): string {
  return isPlain(key) ? key : quoted(key);
}

function scalar(value: unknown, indent: string): string {
  if (typeof value !== 'string') return JSON.stringify(value ?? null);
  if (isPlain(value)) return value;
  if (value.includes('\n') && LINES.test(value)) {
    const clip = value.endsWith('\n');
    const text = clip ? value.slice(0, -1) : value;
    return `${clip ? '|' : '|-'}\n${text.replace(/^(?=.)/gm, `${indent}  `)}`;
  }
  return quoted(value);
}

function isPlain(value: string): boolean {
  return PLAIN.test(value) && !WORDS.test(value);
}

/** JSON leaves some characters as they are that YAML would not read, or would take for line breaks. */
function quoted(value: string): string {
  return JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A map or list with something in it. */
function isBranch(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((item) => item !== undefined);
}
