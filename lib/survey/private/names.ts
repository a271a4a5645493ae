/** A DNS label of plain letters, digits and "-" out of any text, first a letter; empty when nothing is left. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/\.(service|scope)$/, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, MOST_SIGNS)
    .replace(/-+$/, '');
}

/** Room for a number, and for what meshvm appends. */
const MOST_SIGNS = 40;

/** The name, or with the first number that is free. */
export function unique(name: string, taken: Set<string>): string {
  let found = name;
  for (let number = 2; taken.has(found); number++) found = `${name}-${number}`;
  taken.add(found);
  return found;
}

/** `order-api` as `orderApi`. */
export function camelCase(label: string): string {
  return label.replace(/-+([a-z0-9])/g, (_, sign: string) => sign.toUpperCase());
}
