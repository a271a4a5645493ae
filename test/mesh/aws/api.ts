import type { Registered } from '../../pulumi/program';
import type { AwsSdk, AwsValue, Parameters } from './sdk';

/** What AWS has made of a resource. */
export interface Made {
  /** What the mocks had said in their place, and what AWS says: IDs, ARNs and names. */
  readonly names: Readonly<Record<string, string>>;
  /** What was sent, in parts. */
  readonly sent: Readonly<Record<string, AwsValue>>;
  /** What AWS answers when it is asked for the same parts. */
  readonly stored: Readonly<Record<string, AwsValue>>;
}

/** A resource whose inputs hold what AWS has said of the resources before it. */
export interface Resource {
  readonly name: string;
  readonly inputs: Parameters;
}

/** Makes a resource by the API and reads it back. */
export type Maker = (sdk: AwsSdk, resource: Resource) => Promise<Made>;

/** Where an input goes: a parameter, by its path, and what becomes of the value. */
export type Target = (value: AwsValue) => Parameters;

/**
 * Parameters of a call that the provider would make of a resource's inputs.
 *
 * @throws Error for an input that the table does not know: nothing is left out in silence.
 */
export function parameters(
  of: string,
  inputs: Parameters,
  table: Readonly<Record<string, Target | undefined>>,
): AwsValue {
  let all: Parameters = {};
  for (const [name, value] of Object.entries(inputs)) {
    if (value === undefined || value === null) continue;
    const target = table[name];
    if (target === undefined) throw new Error(`${of}: nobody knows what becomes of ${name} = ${JSON.stringify(value)}`);
    all = merged(all, target(value));
  }
  return all;
}

/** The parameter of a path such as `LaunchTemplateData.ImageId`. */
export function to(path: string, convert: (value: AwsValue) => AwsValue = (value) => value): Target {
  return (value) => path.split('.').reduceRight<AwsValue>((inner, key) => ({ [key]: inner }), convert(value));
}

/** An input that tells the provider how to work, and is no parameter. */
export const providersOwn: Target = () => ({});

/** The conversion of an object with a table of its own. */
export function object(of: string, table: Readonly<Record<string, Target | undefined>>): (value: AwsValue) => AwsValue {
  return (value) => parameters(of, value, table);
}

/** The conversion of a list of such. */
export function list(convert: (value: AwsValue) => AwsValue): (values: AwsValue) => AwsValue {
  return (values) => values.map(convert);
}

/** The provider takes some booleans as text. */
export function boolean(value: AwsValue): boolean {
  if (value === 'true' || value === 'false') return value === 'true';
  throw new Error(`${JSON.stringify(value)} is not what the provider takes for a boolean`);
}

/** Tags as a list, in order. */
export function tagList(tags: Readonly<Record<string, string>>): AwsValue {
  return sortedTags(Object.entries(tags).map(([Key, Value]) => ({ Key, Value })));
}

export function sortedTags(tags: readonly AwsValue[] = []): AwsValue {
  return [...tags].sort((a, b) => (a.Key < b.Key ? -1 : 1));
}

/** The parts of an object; those that are not there are left out. */
export function pick(value: AwsValue, keys: readonly string[]): AwsValue {
  return Object.fromEntries(keys.filter((key) => value[key] !== undefined).map((key) => [key, value[key]]));
}

/** With the tags that AWS has, if any. */
export function withTags(value: AwsValue, { Tags }: AwsValue): AwsValue {
  return Tags === undefined || Tags.length === 0 ? value : { ...value, Tags: sortedTags(Tags) };
}

/** Resources in AWS, made in the order in which Pulumi registered them. */
export async function deploy(
  sdk: AwsSdk,
  resources: readonly Registered[],
  makers: Readonly<Record<string, Maker | undefined>>,
): Promise<ReadonlyMap<string, Made>> {
  const made = new Map<string, Made>();
  const names = new Map<string, string>();
  for (const { type, name, inputs } of resources.filter((resource) => resource.type.startsWith('aws:'))) {
    const maker = makers[type];
    if (maker === undefined) throw new Error(`nobody knows how to make ${name}, a ${type}`);
    const one = await maker(sdk, { name, inputs: renamed(inputs, names) });
    for (const [mocked, real] of Object.entries(one.names)) names.set(mocked, real);
    made.set(name, one);
  }
  return made;
}

/** Puts what AWS has said in the place of what the mocks had. */
function renamed(value: AwsValue, names: ReadonlyMap<string, string>): AwsValue {
  if (typeof value === 'string') return names.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => renamed(item, names));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, renamed(item, names)]));
}

function merged(a: AwsValue, b: AwsValue): AwsValue {
  const both = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const deeper = [a[key], value].every((part) => typeof part === 'object' && part !== null && !Array.isArray(part));
    both[key] = deeper ? merged(a[key], value) : value;
  }
  return both;
}
