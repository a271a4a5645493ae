import type { provider } from '@pulumi/pulumi';
import * as pulumi from '@pulumi/pulumi';
import * as components from '../lib/pulumi';
import { FUNCTIONS } from './functions';
import { type Properties, settled, structureOf, type Types } from './structure';

/** What making a component needs of the package's schema. */
interface Schema {
  readonly version: string;
  readonly resources: Readonly<
    Record<string, { readonly inputProperties: Properties; readonly properties: Properties }>
  >;
  readonly types: Types;
}

type Component = new (name: string, args: pulumi.Inputs, options: pulumi.ComponentResourceOptions) => pulumi.Resource;

/**
 * The components of this package for programs in other languages: a provider of Pulumi. Its schema is made when the package is built, and
 * nothing is compiled when it starts.
 */
export class MeshvmProvider implements provider.Provider {
  public readonly version: string;
  private readonly resources: Schema['resources'];
  private readonly types: Types;

  /**
   * @param schema Text of the package's schema.
   * @param loadAws Loads the components of AWS. Who makes nothing there has not installed the package that they need.
   */
  public constructor(
    public readonly schema: string,
    private readonly loadAws: () => Promise<object>,
  ) {
    ({ version: this.version, resources: this.resources, types: this.types } = JSON.parse(schema) as Schema);
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
    const kind = type.slice(type.lastIndexOf(':') + 1);
    const component = await this.componentOf(kind);
    const args = await structureOf(`${kind} ${name}`, inputs, declared.inputProperties, this.types);
    const made = told(() => new component(name, args, options)) as pulumi.Resource & Readonly<Record<string, unknown>>;
    const state = Object.fromEntries(Object.keys(declared.properties).map((key) => [key, made[key]]));
    return { urn: made.urn, state };
  }

  public async invoke(token: string, inputs: pulumi.Inputs): Promise<provider.InvokeResult> {
    const called = FUNCTIONS[token.slice(token.lastIndexOf(':') + 1)];
    if (called === undefined) throw new Error(`meshvm has no function ${token}`);
    try {
      const { value } = await settled(called.call(inputs as never));
      return { outputs: { [called.result]: value } };
    } catch (error) {
      const { errors } = complaintOf(error);
      return { failures: errors.map(({ propertyPath, reason }) => ({ property: propertyPath, reason })) };
    }
  }

  private async componentOf(name: string): Promise<Component> {
    const all = name in components ? components : await this.loadAws().catch(missing);
    return (all as Readonly<Record<string, Component>>)[name];

    function missing(error: NodeJS.ErrnoException): never {
      if (error.code !== 'MODULE_NOT_FOUND') throw error;
      throw new Error(`${name} needs the package @pulumi/aws; install it beside meshvm: npm install @pulumi/aws`);
    }
  }
}

/** The engine prints each problem of such an error below its message, which lists them for programs in Node.js. */
function told<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    const { message, errors } = complaintOf(error);
    const [heading = message] = message.split('\n');
    throw new pulumi.InputPropertiesError({ message: heading, errors });
  }
}

/** What is wrong with arguments; any other error is thrown. */
function complaintOf(error: unknown) {
  if (!pulumi.InputPropertiesError.isInstance(error)) throw error;
  const { message, errors = [] } = error as Error & { readonly errors?: pulumi.InputPropertyErrorDetails[] };
  return { message, errors };
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
