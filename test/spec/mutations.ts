import type { Schema, Shapes } from '../../lib/core/spec/shape';

/** Data of which one thing has another shape than its type says. */
export interface Mutation {
  readonly what: string;
  readonly data: unknown;
  /** What must be said of it, and nothing else: `property [rule]`. */
  readonly problem: string;
}

/** What stands where a class has its place that programs make by `new`: a value of it, by the type of its properties, or these as data. */
export type Values = 'data' | Readonly<Record<string, () => object>>;

/**
 * Every way in which the shape of a type can be missed, one at a time: each property that is missing, of another type or of another value,
 * each object with a property that it doesn't have, each choice of nothing and of two.
 *
 * @param references Whether to look into what is referred to, too.
 * @param values What stands where programs write `new`.
 */
export function mutationsOf(
  shapes: Shapes,
  type: string,
  { references, values }: { references: boolean; values: Values },
): readonly Mutation[] {
  const samples = new Samples(shapes, values);
  const mutations: Mutation[] = [];
  const add = (place: Place, what: string, value: unknown, problem: string) => {
    mutations.push({ what: `${place.path || 'all'}: ${what}`, data: place.put(value), problem });
  };
  const visit = (place: Place, given: Schema, seen: readonly string[]): void => {
    const schema = samples.resolved(given);
    const name = given.$ref ?? '';
    if (schema.madeOf !== undefined) {
      if (values === 'data') visit(place, schema.madeOf, seen);
      else add(place, 'another type', 'a', `${place.path} [shape/type]`);
      return;
    }
    const isReference = schema.properties !== undefined && schema.additionalProperties === true;
    if ((name !== '' && seen.includes(name)) || (isReference && !references)) return;
    const within = [...seen, name];
    const other = samples.ofOtherType(schema);
    if (other !== undefined) add(place, 'another type', other, `${place.path} [shape/type]`);
    if (schema.enum !== undefined) add(place, 'another value', 'none-of-these', `${place.path} [shape/value]`);
    if (schema.items !== undefined)
      visit(
        place.at('[0]', (item) => [item]),
        schema.items,
        within,
      );
    if (typeof schema.additionalProperties === 'object') {
      visit(
        place.at('["a/b"]', (item) => ({ 'a/b': item })),
        schema.additionalProperties,
        within,
      );
    }
    if (schema.properties === undefined) return;
    const sample = samples.of(schema) as Readonly<Record<string, unknown>>;
    if (!isReference)
      add(place, 'unknown', { ...sample, unheardOf: 1 }, `${below(place.path, 'unheardOf')} [shape/unknown-property]`);
    const names = Object.keys(schema.properties);
    const beside = samples.besideOf(schema);
    if (schema.oneOf !== undefined) {
      add(place, 'no choice', beside, `${place.path} [shape/choice]`);
      const [first, second] = choicesOf(schema);
      if (second !== undefined) {
        const two = {
          ...beside,
          [first]: samples.of(schema.properties[first]),
          [second]: samples.of(schema.properties[second]),
        };
        add(place, 'two choices', two, `${place.path} [shape/choice]`);
      }
    }
    for (const key of names) {
      const others = choicesOf(schema).includes(key) ? beside : sample;
      const property = place.at(key, (item) => ({ ...others, [key]: item }));
      if (schema.required?.includes(key)) add(property, 'missing', undefined, `${property.path} [shape/missing]`);
      visit(property, schema.properties[key], within);
    }
  };
  visit(new Place('', (value) => value), { $ref: `#/definitions/${type}` }, []);
  return mutations;
}

/** The least that has the shape of a type. */
export function sampleOf(shapes: Shapes, type: string, values: Values): unknown {
  return new Samples(shapes, values).of({ $ref: `#/definitions/${type}` });
}

class Place {
  public constructor(
    public readonly path: string,
    public readonly put: (value: unknown) => unknown,
  ) {}

  public at(name: string, wrap: (value: unknown) => unknown): Place {
    return new Place(below(this.path, name), (value) => this.put(wrap(value)));
  }
}

class Samples {
  private readonly definitions: Readonly<Record<string, Schema>>;

  public constructor(
    shapes: Shapes,
    private readonly values: Values,
  ) {
    this.definitions = shapes.definitions as Readonly<Record<string, Schema>>;
  }

  public resolved(schema: Schema): Schema {
    const { $ref } = schema;
    if ($ref === undefined) return schema;
    return this.resolved(this.definitions[decodeURIComponent($ref.slice('#/definitions/'.length))]);
  }

  public of(given: Schema): unknown {
    const schema = this.resolved(given);
    if (schema.madeOf !== undefined) return this.made(schema.madeOf);
    if (schema.anyOf !== undefined) return this.of(schema.anyOf[0]);
    if (schema.const !== undefined) return schema.const;
    if (schema.enum !== undefined) return schema.enum[0];
    if (schema.type === 'array') return [];
    if (schema.type !== 'object') return SCALARS[String([schema.type].flat()[0])];
    const { properties = {}, required = [], additionalProperties } = schema;
    if (typeof additionalProperties === 'object') {
      // Labels of machines have these at least.
      return { app: this.of(additionalProperties), version: this.of(additionalProperties) };
    }
    const names = [...required, ...choicesOf(schema).slice(0, 1)];
    const sample = Object.fromEntries(names.map((name) => [name, this.of(properties[name])]));
    return schema.additionalProperties === true ? { ...sample, node: { path: 'sample' } } : sample;
  }

  private made(props: Schema): unknown {
    if (this.values === 'data') return this.of(props);
    const name = (props.$ref ?? '').replace('#/definitions/', '');
    return this.values[name]();
  }

  /** What stands beside a choice, as far as it must. */
  public besideOf({ oneOf, properties = {}, required = [] }: Schema): Readonly<Record<string, unknown>> {
    if (oneOf === undefined) return {};
    return Object.fromEntries(required.map((name) => [name, this.of(properties[name])]));
  }

  /** A value of a type that the schema doesn't have; undefined where any would do. */
  public ofOtherType(schema: Schema): unknown {
    const types = (schema.anyOf ?? [schema]).flatMap((each) => this.resolved(each).type ?? Object.keys(OTHERS));
    return Object.entries(OTHERS).find(([type]) => !types.includes(type))?.[1];
  }
}

/** Properties of which one must be set. */
function choicesOf({ oneOf = [] }: Schema): readonly string[] {
  return oneOf.flatMap(({ required = [] }) => required);
}

const SCALARS: Readonly<Record<string, unknown>> = { string: 'a', number: 1, boolean: true };
const OTHERS: Readonly<Record<string, unknown>> = { string: 'a', number: 7, array: ['a'], boolean: true };

function below(path: string, name: string): string {
  return path === '' || name.startsWith('[') ? `${path}${name}` : `${path}.${name}`;
}
