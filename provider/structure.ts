import * as pulumi from '@pulumi/pulumi';

/** What a schema says of a property, or of what is in it. */
export interface PropertySchema {
  readonly $ref?: string;
  readonly plain?: boolean;
  readonly items?: PropertySchema;
  readonly additionalProperties?: PropertySchema;
}

export type Properties = Readonly<Record<string, PropertySchema>>;
export type Types = Readonly<Record<string, { readonly properties?: Properties }>>;

/**
 * Arguments as components take them: their structure is plain, and what is known later stands in the leaves. From other languages a structure may
 * come as one value that is known later: a variable in YAML, or all of an argument that holds a reference to a resource. When it is known it
 * is taken apart; what is secret as a whole is then secret in its leaves.
 *
 * @throws InputPropertiesError for each part of the structure that is not known.
 */
export async function structureOf(
  component: string,
  inputs: pulumi.Inputs,
  properties: Properties,
  types: Types,
): Promise<pulumi.Inputs> {
  const errors: pulumi.InputPropertyErrorDetails[] = [];
  const structure = await objectOf('', inputs, properties, false);
  errors.sort((a, b) => (a.propertyPath < b.propertyPath ? -1 : 1));
  if (errors.length > 0) throw new pulumi.InputPropertiesError({ message: component, errors });
  return structure;

  async function objectOf(path: string, value: object, known: Properties, secret: boolean): Promise<pulumi.Inputs> {
    const entries = Object.entries(value).map(async ([key, each]) => {
      const below = path === '' ? key : `${path}.${key}`;
      return [key, await partOf(below, each, known[key] ?? {}, secret)] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  async function partOf(path: string, value: unknown, schema: PropertySchema, secret: boolean): Promise<unknown> {
    if (!pulumi.Output.isInstance(value)) return plainPartOf(path, value, schema, secret);
    if (!isStructure(schema)) return value;
    const found = await settled(value);
    if (found.isKnown) return plainPartOf(path, found.value, schema, secret || found.isSecret);
    const reason = 'it is not known yet, and the structure of arguments must be known in a preview; write it in place';
    errors.push({ propertyPath: path, reason });
    return undefined;
  }

  async function plainPartOf(path: string, value: unknown, schema: PropertySchema, secret: boolean): Promise<unknown> {
    const { items, additionalProperties } = schema;
    const type = propertiesOf(schema);
    if (Array.isArray(value) && items !== undefined)
      return Promise.all(value.map((each, index) => partOf(`${path}[${index}]`, each, items, secret)));
    if (isObject(value) && type !== undefined) return objectOf(path, value, type, secret);
    if (isObject(value) && additionalProperties !== undefined) {
      const entries = Object.keys(value).map((key) => [key, additionalProperties]);
      return objectOf(path, value, Object.fromEntries(entries), secret);
    }
    return secret && schema.plain !== true ? pulumi.secret(value) : value;
  }

  function isStructure(schema: PropertySchema): boolean {
    return schema.plain === true || propertiesOf(schema) !== undefined;
  }

  function propertiesOf({ $ref = '' }: PropertySchema): Properties | undefined {
    return types[$ref.replace('#/types/', '')]?.properties;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !pulumi.Resource.isInstance(value);
}

/** The value of an Output, and what Pulumi knows of it. */
export async function settled(output: pulumi.Output<unknown>) {
  const { isKnown, isSecret } = output as unknown as { isKnown: Promise<boolean>; isSecret: Promise<boolean> };
  const value: unknown = await (output as unknown as { promise(): Promise<unknown> }).promise();
  return { value, isKnown: await isKnown, isSecret: await isSecret };
}
