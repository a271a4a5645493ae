/** An object of which nothing is known yet. */
export type Json = Readonly<Record<string, unknown>>;

/** The object, or an empty one where it is none: whoever wrote it may have written anything. */
export function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/** The objects of a list; none where it is no list. */
export function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.map(record) : [];
}

/** What a text of JSON says; undefined where it is none. */
export function parsed(source: unknown): unknown {
  try {
    return JSON.parse(text(source));
  } catch {
    return undefined;
  }
}

/** `namespace/name` of an object. */
export function placeOf({ metadata }: Json): string {
  const { namespace, name } = record(metadata);
  return `${text(namespace)}/${text(name)}`;
}

/** The text; empty where it is none. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
