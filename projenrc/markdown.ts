/** Markdown that shows the text as it is; what stands between backticks is code already. */
export function escaped(text: string): string {
  const parts = text.split(/(`[^`]*`)/);
  return parts.map((part, index) => (index % 2 === 1 ? part : part.replace(/[\\*_<[\]]/g, '\\$&'))).join('');
}
