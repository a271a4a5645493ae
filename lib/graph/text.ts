/** Text as it can be shown: what has no shape, turns the direction of writing or is no character stands there by its number. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) as number).toString(16)}}`;
  });
}

/** Splits text into lines of at most `length` characters: at spaces, else behind punctuation, else anywhere. */
export function wrap(text: string, length: number): readonly string[] {
  const lines: string[] = [];
  let rest = [...text.trim()];
  while (rest.length > length) {
    const end = breakOf(rest, length);
    lines.push(rest.slice(0, end).join('').trimEnd());
    rest = [...rest.slice(end).join('').trimStart()];
  }
  return [...lines, rest.join('')];
}

/** Width in pixels that common sans-serif fonts need at most, or nearly. Nothing here knows the reader's font. */
export function textWidth(text: string, fontSize: number): number {
  let width = 0;
  for (const character of text) width += emOf(character);
  return Math.ceil(width * fontSize);
}

function breakOf(characters: readonly string[], length: number): number {
  const start = characters.slice(0, length + 1);
  const space = start.lastIndexOf(' ');
  if (space > 0) return space;
  const punctuation = Math.max(...[...'/.,:=-'].map((mark) => start.lastIndexOf(mark, length - 1)));
  return punctuation >= length / 4 ? punctuation + 1 : length;
}

function emOf(character: string): number {
  if (/[ijltfI.,:;|'!()[\] ]/.test(character)) return 0.4;
  if (/[a-z0-9]/.test(character)) return /[mw]/.test(character) ? 0.98 : 0.64;
  return character.charCodeAt(0) < 0x2e80 ? 0.8 : 1.1;
}
