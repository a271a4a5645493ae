import * as pulumi from '@pulumi/pulumi';
import { Placeholders } from '../../core/placeholders';
import { ifKnown } from './known-output';

/*
 * A worked example. `args` are `{ name: <Output 'pay'>, port: 80 }`, `build` makes an object of them, with a hash of the name in it:
 *
 *   first run    args  { name: 'deferred-1-of-meshvm', port: 80 }
 *                shape { metadata: { name: 'deferred-1-of-meshvm' }, url: 'http://deferred-1-of-meshvm:80', hash: '5f0c…', port: 80 }
 *   second run   the same with `deferred-2-of-meshvm`: `hash` differs although no placeholder stands in it, so it was computed from the
 *                Input, and is open like the leaves that show one (leavesComputedFromInputs)
 *   afterwards   metadata.name, url and hash are Outputs of `name`, each taken from a run over 'pay'; port is 80
 */

/** What a component will declare: everything is known of it but for the leaves that wait for Inputs. */
export interface Plan<T> {
  /** Keys, lists and known leaves are plain; a leaf that depends on Inputs is an Output of exactly those. */
  readonly shape: T;
  /** All of it in one, once every Input is known. */
  readonly result: pulumi.Output<T>;
  /** Tells the author what is probably not meant of the component, which is there only now. */
  readonly warnOn?: (component: pulumi.Resource) => void;
}

/** What a builder may need to know of the run that it is in. */
export interface Run {
  /** Whether it is the run that is done at once. Only here is a component compared with the others of the program. */
  readonly first: boolean;
  /** In a run with unknown Inputs: a placeholder for what isn't worth making before all of them are known. */
  readonly later: string | undefined;
  /** Whether a value of this run is secret, so that no message may show values. */
  readonly secret: boolean;
  /**
   * In a run over real values: what those before it have complained of, and by which error. An Input that is wrong is so in every run that
   * has it.
   */
  readonly told?: Map<string, pulumi.InputPropertiesError>;
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
    const shape = build(template as pulumi.Unwrap<Args>, { first: true, later, secret: false });
    if (inputs.size === 0) return { shape, result: pulumi.output(shape) as unknown as pulumi.Output<T> };

    const all = [...inputs.keys()];
    const computed = leavesComputedFromInputs(shape, placeholders, all, (values) =>
      build(replace(template, values) as pulumi.Unwrap<Args>, { first: false, later, secret: false }),
    );
    const runs = new Map<string, pulumi.Output<T>>();
    const told = new Map<string, pulumi.InputPropertiesError>();
    const runWith = (names: readonly string[]): pulumi.Output<T> => {
      const key = names.join();
      const output = runs.get(key) ?? runOver(pulumi.output(names.map((name) => inputs.get(name))), names);
      runs.set(key, output);
      return output;
    };
    const runOver = (values: pulumi.Output<unknown[]>, names: readonly string[]): pulumi.Output<T> =>
      pulumi.all([values, pulumi.isSecret(values)]).apply(([known, secret]) => {
        const values = new Map(names.map((name, index) => [name, known[index]]));
        const rest = names.length === all.length ? undefined : later;
        return Placeholders.during(() => {
          const args = replace(template, values) as pulumi.Unwrap<Args>;
          const built = build(args, { first: false, later: rest, secret, told });
          compare(shape, built, computed, []);
          return built;
        });
      }) as pulumi.Output<T>;
    const outputOf = (leaf: unknown, path: readonly string[]): unknown => {
      const held = Placeholders.namesIn(leaf);
      const needed = all.filter((name) => held.includes(name) || computed.get(keyOf(path))?.has(name));
      // What was put off, and a number that was computed from a placeholder, may depend on any of them.
      const putOff = held.some((name) => !inputs.has(name));
      return runWith(putOff || needed.length === 0 ? all : needed).apply((known) => at(known, path));
    };
    return { shape: takeLeaves(shape, computed, outputOf, []) as T, result: runWith(all) };
  });
}

/** Leaves that depend on Inputs without showing their placeholders, such as a hash, by their paths; and on which Inputs. */
type ComputedLeaves = ReadonlyMap<string, ReadonlySet<string>>;

/** Builds again with other placeholders: a leaf that differs in more than those was computed from them. */
function leavesComputedFromInputs(
  shape: unknown,
  placeholders: Placeholders,
  names: readonly string[],
  build: (values: ReadonlyMap<string, string>) => unknown,
): ComputedLeaves {
  const differing = (changed: readonly string[]): readonly string[] => {
    const others = new Map(changed.map((name) => [name, placeholders.next()]));
    const originals = new Map([...others].map(([name, other]) => [other, name]));
    const built = build(others);
    const restored = (leaf: unknown) => (typeof leaf === 'string' ? Placeholders.rename(leaf, originals) : leaf);
    return leavesOf(shape, [])
      .filter(([path, leaf]) => !Object.is(restored(at(built, path)), leaf))
      .map(([path]) => keyOf(path));
  };
  const computed = new Map(differing(names).map((path) => [path, new Set<string>()]));
  if (computed.size === 0) return computed;
  for (const name of names) for (const path of differing([name])) computed.get(path)?.add(name);
  return computed;
}

/** The same data with a placeholder for each Input, which are noted in `inputs`. */
function withPlaceholders(given: unknown, placeholders: Placeholders, inputs: Map<string, unknown>): unknown {
  const value = ifKnown(given);
  if (pulumi.Output.isInstance(value) || value instanceof Promise) {
    // One Input in two places is one value: checks that compare the two find them equal.
    for (const [name, input] of inputs) if (input === value) return name;
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

/** Puts an Output in the place of each leaf that is open. */
function takeLeaves(
  shape: unknown,
  computed: ComputedLeaves,
  outputOf: (leaf: unknown, path: readonly string[]) => unknown,
  path: readonly string[],
): unknown {
  if (isLeaf(shape)) return isOpen(shape, computed, path) ? outputOf(shape, path) : shape;
  return mapChildren(shape, (item, key) => takeLeaves(item, computed, outputOf, [...path, key]));
}

function mapChildren(value: unknown, change: (item: unknown, key: string) => unknown): unknown {
  if (isLeaf(value)) return value;
  if (Array.isArray(value)) return value.map((item, index) => change(item, String(index)));
  return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, change(item, key)]));
}

function leavesOf(value: unknown, path: readonly string[]): readonly (readonly [readonly string[], unknown])[] {
  if (isLeaf(value)) return [[path, value]];
  return Object.entries(value as object).flatMap(([key, item]) => leavesOf(item, [...path, key]));
}

function isLeaf(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function isOpen(leaf: unknown, computed: ComputedLeaves, path: readonly string[]): boolean {
  return Placeholders.in(leaf) || Number.isNaN(leaf) || computed.has(keyOf(path));
}

function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((found, key) => (found as Record<string, unknown> | undefined)?.[key], value);
}

/** Two runs must differ in open leaves alone: what a resource is called or whether it exists can't wait for an Input. */
function compare(shape: unknown, known: unknown, computed: ComputedLeaves, path: readonly string[]): void {
  if (isLeaf(shape) && isOpen(shape, computed, path)) return;
  const same = isLeaf(shape) ? shape === known : !isLeaf(known) && keysOf(shape) === keysOf(known);
  if (!same) {
    throw new Error(
      `${path.join('.')}: it depends on a value that is known only at deployment; give that value as a plain one`,
    );
  }
  if (isLeaf(shape)) return;
  for (const [key, item] of Object.entries(shape as object)) {
    compare(item, (known as Record<string, unknown>)[key], computed, [...path, key]);
  }
}

function keysOf(value: unknown): string {
  return JSON.stringify(Object.keys(value as object).sort());
}
