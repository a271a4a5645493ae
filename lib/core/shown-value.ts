/** A value as messages show it: shortened, and what refers to something else of the program by its path. */
export function shownValue(value: unknown): string {
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value, (_, item: unknown) => pathOf(item) ?? item) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

/** Path of a construct, or of what stands for one; constructs know their whole program. */
function pathOf(value: unknown): string | undefined {
  const { node } = (value ?? {}) as { readonly node?: { readonly path?: unknown } };
  return typeof node?.path === 'string' ? node.path : undefined;
}
