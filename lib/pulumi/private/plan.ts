import * as pulumi from '@pulumi/pulumi';
import { Placeholders } from '../../private/placeholders';

/** What a component will declare: everything is known of it but for the leaves that wait for Inputs. */
export interface Plan<T> {
  /** Keys, lists and known leaves are plain; a leaf that depends on Inputs is an Output of exactly those. */
  readonly shape: T;
  /** All of it in one, once every Input is known. */
  readonly result: pulumi.Output<T>;
}

/** What a builder may need to know of the run that it is in. */
export interface Run {
  /** Whether it is the run that is done at once. Only here is a component compared with the others of the program. */
  readonly first: boolean;
  /** In a run with unknown Inputs: a placeholder for what isn't worth making before all of them are known. */
  readonly later: string | undefined;
}

/**
 * Runs a pure builder over arguments whose leaves may be Inputs.
 *
 * It runs once at once, with placeholders for what isn't known: that tells which objects there will be, and which of their leaves depend
 * on which Inputs. Such a leaf is then taken from another run, over the real values, so that whatever checks, escapes or quotes a value
 * has seen the value itself. Without Inputs there is one run and nothing is an Output.
 *
 * @param args Plain data but for Inputs in the leaves.
 * @param build Pure; throws for arguments that are wrong.
 */
export function plan<Args, T>(args: Args, build: (args: pulumi.Unwrap<Args>, run: Run) => T): Plan<T> {
  return Placeholders.during((placeholders) => {
    const inputs = new Map<string, unknown>();
    const template = withPlaceholders(args, placeholders, inputs);
    const later = inputs.size === 0 ? undefined : placeholders.next();
    const shape = build(template as pulumi.Unwrap<Args>, { first: true, later });
    const all = [...inputs.keys()];
    const runs = new Map<string, pulumi.Output<T>>();
    const runWith = (names: readonly string[]): pulumi.Output<T> => {
      const key = names.join();
      const output = runs.get(key) ?? runOver(pulumi.output(names.map((name) => inputs.get(name))), names);
      runs.set(key, output);
      return output;
    };
    const runOver = (values: pulumi.Output<unknown[]>, names: readonly string[]): pulumi.Output<T> =>
      values.apply((known) => {
        const values = new Map(names.map((name, index) => [name, known[index]]));
        const rest = names.length === all.length ? undefined : later;
        return Placeholders.during(() => {
          const built = build(replace(template, values) as pulumi.Unwrap<Args>, { first: false, later: rest });
          compare(shape, built, '');
          return built;
        });
      }) as pulumi.Output<T>;
    const outputOf = (leaf: unknown, path: readonly string[]): unknown => {
      const found = Placeholders.namesIn(leaf).filter((name) => inputs.has(name));
      // What was put off, and a number that was computed from a placeholder, may depend on any of them.
      return runWith(Placeholders.namesIn(leaf).length > found.length || found.length === 0 ? all : found).apply(
        (known) => at(known, path),
      );
    };
    return {
      shape: takeLeaves(shape, outputOf, []) as T,
      result: inputs.size === 0 ? (pulumi.output(shape) as unknown as pulumi.Output<T>) : runWith(all),
    };
  });
}

/** The same data with a placeholder for each Input, which are noted in `inputs`. */
function withPlaceholders(value: unknown, placeholders: Placeholders, inputs: Map<string, unknown>): unknown {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) {
    const name = placeholders.next();
    inputs.set(name, value);
    return name;
  }
  return mapChildren(value, (item) => withPlaceholders(item, placeholders, inputs));
}

function replace(value: unknown, values: ReadonlyMap<string, unknown>): unknown {
  if (typeof value === 'string') return values.has(value) ? values.get(value) : value;
  return mapChildren(value, (item) => replace(item, values));
}

/** Puts an Output in the place of each leaf that holds a placeholder. */
function takeLeaves(
  shape: unknown,
  outputOf: (leaf: unknown, path: readonly string[]) => unknown,
  path: readonly string[],
): unknown {
  if (isLeaf(shape)) return isOpen(shape) ? outputOf(shape, path) : shape;
  return mapChildren(shape, (item, key) => takeLeaves(item, outputOf, [...path, key]));
}

function mapChildren(value: unknown, change: (item: unknown, key: string) => unknown): unknown {
  if (isLeaf(value)) return value;
  if (Array.isArray(value)) return value.map((item, index) => change(item, String(index)));
  return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, change(item, key)]));
}

function isLeaf(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function isOpen(leaf: unknown): boolean {
  return Placeholders.in(leaf) || Number.isNaN(leaf);
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((found, key) => (found as Record<string, unknown>)[key], value);
}

/** Two runs must differ in open leaves alone: what a resource is called or whether it exists can't wait for an Input. */
function compare(shape: unknown, known: unknown, path: string): void {
  if (isLeaf(shape) && isOpen(shape)) return;
  const same = isLeaf(shape) ? shape === known : !isLeaf(known) && keysOf(shape) === keysOf(known);
  if (!same) {
    throw new Error(`${path}: it depends on a value that is known only at deployment; give that value as a plain one`);
  }
  if (isLeaf(shape)) return;
  for (const [key, item] of Object.entries(shape as object)) {
    compare(item, (known as Record<string, unknown>)[key], path === '' ? key : `${path}.${key}`);
  }
}

function keysOf(value: unknown): string {
  return JSON.stringify(Object.keys(value as object).sort());
}
