import ts from 'typescript';
import { declarationsIn, descriptionOf } from './lib-types';
import type { JsonSchema, JsonSchemas } from './shapes';

/** Where it is written, and where the package has it. */
export const MACHINE_FILE_SCHEMA = 'schemas/machine-file.schema.json';

/** JSON Schema of the machine file of `meshvm envoy`, for editors: what the reader goes by, with what the types say of themselves. */
export function machineFileSchema(schemas: JsonSchemas, program: ts.Program, root: string): string {
  const factories = factoriesIn(program, root);
  const definitions = schemas.of(TYPE);
  const said = Object.entries(definitions).map(([name, definition]) => [name, withProse(definition, factories)]);
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Machine file of meshvm envoy',
    $ref: `#/definitions/${TYPE}`,
    definitions: Object.fromEntries(said),
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

const TYPE = 'MachineFileProps';

/** What factories say of the choices that they make, by `Class.factory`. */
function factoriesIn(program: ts.Program, root: string): ReadonlyMap<string, string> {
  return new Map(
    declarationsIn(program, root).flatMap(({ name, members }) =>
      [...members]
        .filter(ts.isMethodDeclaration)
        .map((method) => [`${name?.text}.${method.name.getText()}`, descriptionOf(method)] as const),
    ),
  );
}

function withProse(schema: JsonSchema, factories: ReadonlyMap<string, string>): JsonSchema {
  const { description = '', default: fallback, properties, items, ...rest } = schema;
  const text = description.replace(/^\{@link\s+(\w+\.\w+)\s*\}$/, (whole, factory) => factories.get(factory) ?? whole);
  const below = (item: JsonSchema) => withProse(item, factories);
  // A default that is no value is told in words: YAML has no factories.
  const words = typeof fallback === 'string' ? wordsOf(fallback) : undefined;
  return {
    ...(text === '' && words === undefined ? {} : { description: [text, ...(words ? [words] : [])].join(' ').trim() }),
    ...(fallback === undefined || words !== undefined ? {} : { default: fallback }),
    ...rest,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, item]) => [name, below(item)])),
    }),
    ...(items && { items: below(items) }),
  };
}

/** A default in words; undefined for one that is a value. */
function wordsOf(fallback: string): string | undefined {
  const [, inWords] = /^(?:- |\[\] )(.*)$/s.exec(fallback) ?? [];
  const [, factory] = /^[A-Z]\w*\.(\w+)\(\)$/.exec(fallback) ?? [];
  if (factory !== undefined) return `Default: { ${factory}: true }.`;
  return inWords?.startsWith('see each property') ? 'Default: see each property.' : inWords && `Default: ${inWords}.`;
}
