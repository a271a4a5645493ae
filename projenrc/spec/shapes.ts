import { join } from 'node:path';
import {
  createFormatter,
  createParser,
  createProgram,
  DEFAULT_CONFIG,
  SchemaGenerator,
} from 'ts-json-schema-generator';

/** JSON Schema, as far as the generator writes it. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  /** Of a class that programs make by `new`: the type of its properties. */
  readonly madeOf?: JsonSchema;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
}

/** Makes JSON Schemas of TypeScript's types. */
export class JsonSchemas {
  private readonly generator: SchemaGenerator;

  /**
   * @param root Folder of the package.
   * @param choices The fields of which exactly one is set, by the names of the classes that are choices.
   * @param values Names of the classes whose values stay what they are, with those of their properties.
   */
  public constructor(
    root: string,
    private readonly choices: ReadonlyMap<string, readonly string[]>,
    private readonly values: ReadonlyMap<string, string>,
  ) {
    const config = {
      ...DEFAULT_CONFIG,
      path: join(root, 'lib', '{index.ts,pulumi/index.ts,pulumi/aws/index.ts,cli/main.ts}'),
      tsconfig: join(root, 'tsconfig.json'),
      skipTypeCheck: true,
      additionalProperties: false,
      expose: 'all',
      jsDoc: 'extended',
      topRef: true,
      sortProps: false,
    } as const;
    const program = createProgram(config);
    this.generator = new SchemaGenerator(program, createParser(program, config), createFormatter(config), config);
  }

  /** The definitions of a type and of what it is made of, by their names. */
  public of(type: string): Readonly<Record<string, JsonSchema>> {
    const { definitions = {} } = this.generator.createSchema(type) as JsonSchema;
    for (const [name, props] of this.values) {
      if (name in definitions)
        Object.assign(definitions, (this.generator.createSchema(props) as JsonSchema).definitions);
    }
    const all = Object.fromEntries(
      Object.entries(definitions).map(([name, definition]) => [name, this.changed(name, definition)]),
    );
    return reachable(all, type);
  }

  private changed(name: string, definition: JsonSchema): JsonSchema {
    const madeOf = this.values.get(name);
    if (madeOf !== undefined) return { ...knownByText(definition), madeOf: { $ref: `#/definitions/${madeOf}` } };
    const keys = this.choices.get(name);
    if (keys !== undefined) return choice(definition, keys);
    return everywhere(definition, (schema) =>
      schema === definition && INTERFACE.test(name) ? open(schema) : reference(schema),
    );
  }
}

/** The same without prose: by it shapes are checked when a program runs. */
export function withoutProse(definitions: Readonly<Record<string, JsonSchema>>): Readonly<Record<string, JsonSchema>> {
  const bare = ({ description: _, default: __, ...schema }: JsonSchema) => schema;
  return Object.fromEntries(Object.entries(definitions).map(([name, schema]) => [name, everywhere(schema, bare)]));
}

/** One of the properties must be set. */
function choice(schema: JsonSchema, keys: readonly string[]): JsonSchema {
  return { ...schema, oneOf: keys.map((name) => ({ required: [name] })) };
}

/** Names of what others know of a construct or value. */
const INTERFACE = /^I[A-Z][a-z]/;

/** What stands somewhere in a program is known by the fields that its type names, and may have others. */
function reference(schema: JsonSchema): JsonSchema {
  return schema.properties?.node === undefined ? schema : open(schema);
}

function open(schema: JsonSchema): JsonSchema {
  const { node, ...properties } = schema.properties ?? {};
  const required = schema.required?.filter((name) => name !== 'node');
  return { ...schema, properties, required, additionalProperties: true };
}

/** A value that has checked itself: it stays what it is. */
function knownByText(schema: JsonSchema): JsonSchema {
  const texts = Object.entries(schema.properties ?? {}).filter(([, { type }]) => type === 'string');
  const properties = Object.fromEntries(texts);
  const required = Object.keys(properties).filter((name) => schema.required?.includes(name));
  return { ...schema, properties, required, additionalProperties: true };
}

/** The definition of a type, and those that it names. */
function reachable(
  definitions: Readonly<Record<string, JsonSchema>>,
  type: string,
): Readonly<Record<string, JsonSchema>> {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    everywhere(definitions[name], (schema) => {
      if (schema.$ref !== undefined) visit(decodeURIComponent(schema.$ref.slice('#/definitions/'.length)));
      return schema;
    });
  };
  visit(type);
  return Object.fromEntries(Object.entries(definitions).filter(([name]) => found.has(name)));
}

/** Applies `change` to each schema in a schema, the outermost first. */
function everywhere(schema: JsonSchema, change: (schema: JsonSchema) => JsonSchema): JsonSchema {
  const { properties, items, anyOf, madeOf, additionalProperties, ...rest } = change(schema);
  const below = (item: JsonSchema) => everywhere(item, change);
  return {
    ...rest,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, item]) => [name, below(item)])),
    }),
    ...(items && { items: below(items) }),
    ...(madeOf && { madeOf: below(madeOf) }),
    ...(anyOf && { anyOf: anyOf.map(below) }),
    ...(additionalProperties !== undefined && {
      additionalProperties:
        typeof additionalProperties === 'object' ? below(additionalProperties) : additionalProperties,
    }),
  };
}
