import * as pulumi from '@pulumi/pulumi';
import type { provider } from '@pulumi/pulumi';
import * as components from '../lib/pulumi';

/** What making a component needs of the package's schema. */
interface Schema {
  readonly version: string;
  readonly resources: Readonly<Record<string, { readonly properties: Readonly<Record<string, unknown>> }>>;
}

type Component = new (name: string, args: pulumi.Inputs, options: pulumi.ComponentResourceOptions) => pulumi.Resource;

/**
 * The components of this package for programs in other languages: a provider of Pulumi. Its schema is made when the package is built, and
 * nothing is compiled when it starts.
 */
export class MeshvmProvider implements provider.Provider {
  public readonly version: string;
  private readonly resources: Schema['resources'];

  /** @param schema Text of the package's schema. */
  public constructor(private readonly schema: string) {
    ({ version: this.version, resources: this.resources } = JSON.parse(schema) as Schema);
    acceptProvidersOfAws();
  }

  public getSchema(): Promise<string> {
    return Promise.resolve(this.schema);
  }

  public async construct(
    name: string,
    type: string,
    inputs: pulumi.Inputs,
    options: pulumi.ComponentResourceOptions,
  ): Promise<provider.ConstructResult> {
    const declared = this.resources[type];
    if (declared === undefined) throw new Error(`${name}: meshvm has no component ${type}`);
    const component = await componentOf(type.slice(type.lastIndexOf(':') + 1));
    const args = await plain(name, inputs);
    const made = told(() => new component(name, args, options)) as pulumi.Resource & Readonly<Record<string, unknown>>;
    const state = Object.fromEntries(Object.keys(declared.properties).map((key) => [key, made[key]]));
    return { urn: made.urn, state };
  }
}

/** Who makes nothing on AWS has not installed its package. */
async function componentOf(name: string): Promise<Component> {
  const all = (name in components ? components : await import('../lib/pulumi/aws').catch(missing)) as object;
  return (all as Readonly<Record<string, Component>>)[name];

  function missing(error: NodeJS.ErrnoException): never {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    throw new Error(`${name} needs the package @pulumi/aws; install it beside meshvm: npm install @pulumi/aws`);
  }
}

/**
 * The structure of arguments is plain, and what is known later stands in the leaves. An argument that holds a reference to a resource, such as
 * a provider, comes as a whole that is known later, although it is there already.
 */
async function plain(name: string, inputs: pulumi.Inputs): Promise<pulumi.Inputs> {
  const entries = Object.entries(inputs).map(async ([key, value]) => [key, await valueOf(name, key, value)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function valueOf(name: string, key: string, input: unknown): Promise<unknown> {
  if (!pulumi.Output.isInstance(input)) return input;
  const { isKnown, isSecret } = input as unknown as { isKnown: Promise<boolean>; isSecret: Promise<boolean> };
  const value: unknown = await (input as unknown as { promise(): Promise<unknown> }).promise();
  if (!(await isKnown) || typeof value !== 'object' || value === null) return input;
  if (!(await isSecret)) return value;
  const reason = 'it is secret as a whole, and its structure must be known; make the values in it secret that are';
  throw new pulumi.InputPropertiesError({ message: name, errors: [{ propertyPath: key, reason }] });
}

/** The engine prints each problem of such an error below its message, which lists them for programs in Node.js. */
function told<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!pulumi.InputPropertiesError.isInstance(error)) throw error;
    const { message, errors } = error as Error & { readonly errors?: pulumi.InputPropertyErrorDetails[] };
    const [heading = message] = message.split('\n');
    throw new pulumi.InputPropertiesError({ message: heading, errors });
  }
}

/** `cluster.provider` arrives as a reference, which Pulumi turns into what the package of its kind has registered. */
function acceptProvidersOfAws(): void {
  let version: string;
  try {
    ({ version } = require('@pulumi/aws/package.json') as { readonly version: string });
  } catch {
    return;
  }
  pulumi.runtime.registerResourcePackage('aws', {
    version: version.replace(/^v/, ''),
    constructProvider: (name, _type, urn) => {
      const { Provider } = require('@pulumi/aws/provider') as typeof import('@pulumi/aws/provider');
      return new Provider(name, undefined, { urn });
    },
  });
}
