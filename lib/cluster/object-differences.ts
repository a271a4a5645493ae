/**
 * Where what a cluster has says other than what was written: paths, each with both values where they are short. What the cluster has beside it
 * (defaults, status, what others set) is no difference.
 */
export function objectDifferences(written: unknown, found: unknown, path = ''): readonly string[] {
  if (written === undefined || written === null) return [];
  if (Array.isArray(written)) {
    if (!Array.isArray(found)) return [told(path, written, found)];
    if (written.length !== found.length) return [`${path} has ${found.length} elements instead of ${written.length}`];
    return written.flatMap((each, index) => objectDifferences(each, found[index], `${path}[${index}]`));
  }
  if (typeof written === 'object') {
    if (typeof found !== 'object' || found === null || Array.isArray(found)) return [told(path, written, found)];
    return Object.entries(written).flatMap(([key, value]) =>
      objectDifferences(value, (found as Readonly<Record<string, unknown>>)[key], within(path, key)),
    );
  }
  return written === found || isSameQuantity(written, found) ? [] : [told(path, written, found)];
}

function within(path: string, key: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

function told(path: string, written: unknown, found: unknown): string {
  if (found === undefined) return `${path} is missing`;
  const [is, was] = [JSON.stringify(found), JSON.stringify(written)];
  return is.length + was.length > MOST_SIGNS ? `${path} is another` : `${path} is ${is} instead of ${was}`;
}

const MOST_SIGNS = 120;

/** The API server writes quantities in its own way: 1000m of CPU become 1. */
function isSameQuantity(written: unknown, found: unknown): boolean {
  const [a, b] = [quantity(written), quantity(found)];
  return a !== undefined && a === b;
}

/** Upstream: apimachinery pkg/api/resource, the suffixes of quantities. */
function quantity(value: unknown): number | undefined {
  const match = /^([0-9]+(?:\.[0-9]+)?)(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/.exec(String(value));
  return match === null ? undefined : Number(match[1]) * (FACTORS[match[2] ?? ''] as number);
}

const FACTORS: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};
