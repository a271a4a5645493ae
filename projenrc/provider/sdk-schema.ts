import { FUNCTIONS } from '../../provider/functions';

/** A schema of Pulumi, as far as names go. */
export interface PackageSchema {
  readonly name: string;
  readonly version: string;
  readonly resources: Readonly<Record<string, ComponentSchema>>;
  readonly types: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

interface ComponentSchema {
  readonly inputProperties: Readonly<Record<string, Property>>;
  readonly requiredInputs?: readonly string[];
}

interface Property {
  readonly items?: Property & { readonly $ref?: string; readonly plain?: boolean };
}

/**
 * The schema with what users of other languages expect.
 *
 * - Its types are called after TypeScript's interfaces, which end in `Args`; Pulumi's generators append that by themselves, and would make
 *   `MeshArgsArgs`. A type whose name is then a component's keeps its own.
 * - Packages are called `meshvm`, not `meshvm_meshvm`.
 * - Elements of a component's lists are Inputs: of those that are plain, the generator for Go leaves out the types (`TelemetryAccessLogArgs`).
 * - Static functions of components are functions of the package.
 * - A provider of a cloud may be anything: by its type, all SDKs would need the cloud's, which most users have no use for.
 */
export function sdkSchema(schema: PackageSchema): PackageSchema {
  const names = new Map(
    Object.keys(schema.types)
      .map((token) => [token, token.replace(/Args$/, '')] as const)
      .filter(([, name]) => !(name in schema.resources) && !(name in schema.types)),
  );
  const { namespace: _, dependencies: __, ...own } = schema;
  const renamed = JSON.parse(JSON.stringify(own), (_key, value) => withReference(value, names)) as PackageSchema;
  const types = Object.entries(renamed.types).map(([token, type]) => [names.get(token) ?? token, type]);
  const resources = Object.entries(renamed.resources).map(([token, component]) => {
    const inputs = Object.entries(component.inputProperties).map(([key, property]) => [key, withElements(property)]);
    return [token, { ...component, inputProperties: Object.fromEntries(inputs) }];
  });
  return {
    ...renamed,
    resources: Object.fromEntries(resources),
    types: Object.fromEntries(types),
    functions: functionsOf(renamed),
    language: LANGUAGES,
  };
}

function functionsOf({ name, resources }: PackageSchema): Readonly<Record<string, object>> {
  return Object.fromEntries(
    Object.entries(FUNCTIONS).map(([key, { description, component, without, result }]) => {
      const { inputProperties, requiredInputs = [] } = resources[`${name}:index:${component}`];
      const taken = Object.entries(inputProperties).filter(([property]) => !without.includes(property));
      const required = requiredInputs.filter((property) => !without.includes(property));
      const any = { type: 'object', additionalProperties: { $ref: 'pulumi.json#/Any' } };
      return [
        `${name}:index:${key}`,
        {
          description,
          inputs: { type: 'object', properties: Object.fromEntries(taken), required },
          outputs: { type: 'object', properties: { [result]: { ...any, description } }, required: [result] },
        },
      ];
    }),
  );
}

function withElements(property: Property): Property {
  if (property.items?.$ref === undefined) return property;
  const { plain: _, ...items } = property.items;
  return { ...property, items };
}

const LANGUAGES = {
  python: { packageName: 'meshvm', respectSchemaVersion: true, pyproject: { enabled: true } },
  go: { importBasePath: 'github.com/meshvm/meshvm/sdk/go/meshvm', respectSchemaVersion: true },
  java: { basePackage: 'io.github', respectSchemaVersion: true },
  csharp: { rootNamespace: 'Pulumi', respectSchemaVersion: true },
  // Programs in TypeScript use meshvm itself.
  nodejs: { packageName: '@meshvm/sdk', respectSchemaVersion: true },
};

const TYPES = '#/types/';

function withReference(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value !== 'object' || value === null || !('$ref' in value) || typeof value.$ref !== 'string') return value;
  const { $ref: reference, plain: _, ...others } = value as { readonly $ref: string; readonly plain?: boolean };
  if (reference.startsWith('/')) return { $ref: 'pulumi.json#/Any', ...others };
  if (!reference.startsWith(TYPES)) return value;
  const token = reference.slice(TYPES.length);
  return { ...value, $ref: TYPES + (names.get(token) ?? token) };
}
