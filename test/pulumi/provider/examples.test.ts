import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { packageSchema } from '../../../projenrc/provider/package-schema';

/** Examples in other languages, against the schema of the package. Where Pulumi's engine is, `npm run test:pulumi` runs them. */
const ROOT = join(__dirname, '../../..');

interface Property {
  readonly $ref?: string;
  readonly items?: Property;
}
interface Type {
  readonly properties?: Readonly<Record<string, Property>>;
  readonly required?: readonly string[];
}
interface Component {
  readonly inputProperties: Readonly<Record<string, Property>>;
  readonly requiredInputs: readonly string[];
  readonly properties: Readonly<Record<string, Property>>;
}
interface Example {
  readonly variables: Readonly<Record<string, unknown>>;
  readonly resources: Readonly<Record<string, { readonly type: string; readonly properties: object }>>;
}

let resources: Readonly<Record<string, Component>>;
let types: Readonly<Record<string, Type>>;

beforeAll(async () => {
  const schema = await packageSchema();
  resources = schema.resources as typeof resources;
  types = schema.types as typeof types;
});

describe('examples/payments-yaml', () => {
  const text = readFileSync(join(ROOT, 'examples/payments-yaml/Pulumi.yaml'), 'utf8');
  const example = parse(text) as Example;

  test('says what the schema knows, and all that it needs', () => {
    const problems = Object.entries(example.resources).flatMap(([name, { type, properties }]) => {
      const { inputProperties, requiredInputs } = resources[type.replace('meshvm:', 'meshvm:index:')];
      return problemsOf(name, properties, { properties: inputProperties, required: requiredInputs });
    });
    expect(problems).toStrictEqual([]);
  });

  test('asks for outputs that its resources have', () => {
    const asked = [...text.matchAll(/\$\{([\w-]+)\.(\w+)\}/g)];
    expect(asked.length).toBeGreaterThan(5);
    const missing = asked.filter(([, name, output]) => {
      const type = example.resources[name]?.type.replace('meshvm:', 'meshvm:index:') ?? '';
      return resources[type]?.properties[output] === undefined;
    });
    expect(missing.map(([all]) => all)).toStrictEqual([]);
  });

  function problemsOf(path: string, value: unknown, type: Type | undefined): readonly string[] {
    if (type?.properties === undefined || typeof value !== 'object' || value === null) return [];
    const { properties, required = [] } = type;
    return [
      ...required.filter((key) => !(key in value)).map((key) => `${path}.${key} is missing`),
      ...Object.entries(value).flatMap(([key, each]) =>
        properties[key] === undefined ? [`${path}.${key} is unknown`] : below(`${path}.${key}`, each, properties[key]),
      ),
    ];
  }

  function below(path: string, value: unknown, property: Property): readonly string[] {
    const { $ref, items } = property;
    if (Array.isArray(value)) return value.flatMap((each, index) => below(`${path}[${index}]`, each, items ?? {}));
    const [, variable = ''] = /^\$\{(\w+)\}$/.exec(typeof value === 'string' ? value : '') ?? [];
    return problemsOf(path, example.variables[variable] ?? value, types[$ref?.replace('#/types/', '') ?? '']);
  }
});
