import { visible } from '../../graph/text';

/** A string literal: whatever the text, nothing but that text. Plain ASCII, so that nobody's editor shows it otherwise. */
export function literal(text: string): string {
  const escaped = text.replace(/[^ -~]|['\\]/g, (sign) => {
    if (sign === "'" || sign === '\\') return `\\${sign}`;
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `'${escaped}'`;
}

/** An array of string literals. */
export function literals(texts: readonly string[]): string {
  return `[${texts.map(literal).join(', ')}]`;
}

/** A comment of one line, whatever the text: it ends at the end of the line, and holds nothing that ends lines. */
export function comment(text: string, indent = ''): string {
  return `${indent}// ${inComment(text)}`;
}

/** Text in a comment, for the end of a line of code. */
export function inComment(text: string): string {
  const plain = visible(text).replace(/[^ -~]/g, (sign) => `\\u{${(sign.codePointAt(0) as number).toString(16)}}`);
  return plain.length <= MOST_SIGNS ? plain : `${plain.slice(0, MOST_SIGNS)}...`;
}

const MOST_SIGNS = 400;
