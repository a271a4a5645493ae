/**
 * Quotes a value for a file that a shell sources, in the very form that istioctl gives it.
 *
 * The regular expression upstream has one backslash too many: it means "\", "w" and the signs, where letters and digits were meant.
 * So nearly everything is quoted. We take the backslash out: unquoted, the shell would drop it.
 *
 * Upstream: istio pkg/util/shellescape.
 */
export function quoteAsIstioctl(value: string): string {
  if (value === '') return "''";
  return /[^w@%+=:,./-]/.test(value) ? `'${value.replaceAll("'", `'"'"'`)}'` : value;
}

/** Quotes one word of a POSIX shell command, and leaves plain words as they are. */
export function quoteWord(value: string): string {
  return /^[A-Za-z0-9@%+=:,./_-]+$/.test(value) ? value : quoteText(value);
}

/** Quotes a text of any number of lines for a POSIX shell. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
