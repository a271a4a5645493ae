import { Yaml } from 'cdk8s';

/**
 * Strings that are themselves in YAML wherever a key or a value of a block stands. They start with a letter or `/`, so they are
 * no number, date or document marker; they are on one line, hold no `: ` or ` #` and don't end in `:` or a space; and they are
 * none of the words and exponents that YAML 1.1 reads as null, booleans or floats.
 */
const PLAIN =
  /^(?!(?:null|true|false|yes|no|on|off|y|n|e[-+]?\d+)$)[A-Z/][!-9;-~]*(?:(?::(?=[!-~])| (?=[!"$-~]))[!-9;-~]*)*$/i;

/** Strings that start with a digit and have two dots or a slash, as no number, time or date of YAML 1.1 has: addresses, versions. */
const DOTTED = /^\d[\w-]*(?:\.[\w-]*\.|\/)[\w./-]*$/;

/** Text of several lines that is a literal block without an indentation indicator, ends in at most one newline and has no tab. */
const BLOCK = /^[!-~][ -~\n]*[!-~]\n?$/;

/**
 * A scalar below the root of a document.
 *
 * @param indent What the lines of a collection in its place would start with.
 * @returns undefined for what JSON doesn't know.
 */
export function printScalar(value: unknown, indent: string): string | undefined {
  switch (typeof value) {
    case 'string':
      if (PLAIN.test(value) || DOTTED.test(value)) return value;
      if (value.includes('\n')) return BLOCK.test(value) ? printBlock(value, indent) : printByCdk8s(value, indent);
      return singleLines.get(value) ?? remember(singleLines, value, printByCdk8s(value, indent));
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : printByCdk8s(value, indent);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'undefined':
      return 'null';
    default:
      return value === null ? 'null' : undefined;
  }
}

/** Longer keys get a line of their own, `? key`, and with it another layout. */
const KEY_LENGTH = 1024;

/** A key of a block map, without the colon; undefined when it depends on more than itself. */
export function printKey(key: string): string | undefined {
  const known = keys.get(key);
  if (known !== undefined) return known;
  // Keys that look like a document marker are quoted or not depending on their depth.
  if (key.length > KEY_LENGTH || /^(?:%|---|\.\.\.)/m.test(key)) return undefined;
  const text = PLAIN.test(key) ? key : Yaml.stringify({ [key]: 0 }).slice(0, -': 0\n'.length);
  return text.length > KEY_LENGTH ? undefined : remember(keys, key, text);
}

function printBlock(value: string, indent: string): string {
  const clip = value.endsWith('\n');
  const lines = clip ? value.slice(0, -1) : value;
  return `${clip ? '|' : '|-'}\n${indent}${lines.replace(/\n+/g, `$&${indent}`)}`;
}

/** A scalar as cdk8s prints it at this depth: as the only leaf of lists in lists, whose `- ` are then cut off. */
function printByCdk8s(value: string | number, indent: string): string {
  let document: unknown = value;
  for (let depth = 0; depth < indent.length; depth += 2) document = [document];
  return Yaml.stringify(document).slice(indent.length, -1);
}

/** Printed keys, and values of one line that cdk8s printed. Manifests repeat both: `metadata`, `"8080"`. */
const keys = new Map<string, string>();
const singleLines = new Map<string, string>();
const REMEMBERED_COUNT = 1000;
const REMEMBERED_LENGTH = 100;

function remember(memory: Map<string, string>, key: string, text: string): string {
  if (key.length > REMEMBERED_LENGTH) return text;
  if (memory.size === REMEMBERED_COUNT) memory.clear();
  memory.set(key, text);
  return text;
}
