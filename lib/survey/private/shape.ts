/** Reads a value, and says at which path it is wrong. What is wrong is replaced by something of the right type: the answer is refused. */
export type Shape<T> = (value: unknown, path: string, wrong: Wrong) => T;
/** Takes what is wrong: where, the value, and what is allowed. */
export type Wrong = (path: string, value: unknown, allowed: string) => void;

export const text: Shape<string> = (value, path, wrong) => {
  if (typeof value === 'string' && value.length <= MOST_SIGNS) return value;
  wrong(path, value, `text of at most ${MOST_SIGNS} signs`);
  return '';
};

export const flag: Shape<boolean> = (value, path, wrong) => {
  if (typeof value !== 'boolean') wrong(path, value, 'true or false');
  return value === true;
};

/** A whole number between two. */
export function whole(least: number, most: number): Shape<number> {
  return (value, path, wrong) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    wrong(path, value, `a whole number from ${least} to ${most}`);
    return least;
  };
}

/** Text for which `isRight` holds. */
export function textThat(isRight: (value: string) => boolean, allowed: string): Shape<string> {
  return (value, path, wrong) => {
    if (typeof value === 'string' && isRight(value)) return value;
    wrong(path, value, allowed);
    return '';
  };
}

export function orNull<T>(shape: Shape<T>): Shape<T | null> {
  return (value, path, wrong) => (value === null ? null : shape(value, path, wrong));
}

export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return (value, path, wrong) => {
    if (Array.isArray(value) && value.length <= MOST_ITEMS) {
      return value.map((each, index) => item(each, `${path}[${index}]`, wrong));
    }
    wrong(path, value, `a list of at most ${MOST_ITEMS}`);
    return [];
  };
}

/** A map of anything to text. */
export const textByName: Shape<Readonly<Record<string, string>>> = (value, path, wrong) => {
  if (!isMap(value)) {
    wrong(path, value, 'a map');
    return {};
  }
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, text(each, `${path}.${name}`, wrong)]));
};

/** A map with these fields, each of its shape. Others are what a program has no use for. */
export function map<T extends object>(fields: { readonly [name in keyof T]: Shape<T[name]> }): Shape<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  return (value, path, wrong) => {
    if (!isMap(value)) wrong(path, value, 'a map');
    const given = isMap(value) ? value : {};
    const ignore: Wrong = () => undefined;
    return Object.fromEntries(
      names.map((name) => {
        const own = Object.hasOwn(given, name) ? given[name] : undefined;
        return [name, fields[name](own, path === '' ? name : `${path}.${name}`, isMap(value) ? wrong : ignore)];
      }),
    ) as T;
  };
}

const MOST_SIGNS = 4096;
const MOST_ITEMS = 65_536;

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
