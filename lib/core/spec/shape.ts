import { didYouMean } from '../nearest';
import { isDeferred, type Problems, rule } from '../problems';
import { signOf } from '../values/secrets';

/** Types of a concept, as `npm run spec` makes them of its TypeScript types: JSON Schema, of which the part below is used. */
export interface Shapes {
  readonly definitions: object;
}

/** A type. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** Type of properties that `properties` doesn't name, or whether there may be any. */
  readonly additionalProperties?: boolean | Schema;
  /** A choice: the one property that each of these requires must be set. */
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  /** Of a class that programs make by `new` and that checks itself, such as Mesh: the type of its properties. */
  readonly madeOf?: Schema;
}

/**
 * Makes values of classes that programs make by `new`, where there are their properties as data: by the name of the properties' type.
 *
 * @param property Where the data stands.
 */
export type Makers = Readonly<Record<string, (property: string, props: never) => object>>;

const TYPE = rule({
  id: 'shape/type',
  origin: 'meshvm',
  allowed: 'a value of the type that the property has',
  remedy: 'give a value of that type',
  source: 'meshvm: the types of properties',
});
const MISSING = rule({
  id: 'shape/missing',
  origin: 'meshvm',
  allowed: 'a value for each property that has no default',
  remedy: 'set the property',
  source: 'meshvm: the types of properties',
});
const UNKNOWN = rule({
  id: 'shape/unknown-property',
  origin: 'meshvm',
  allowed: 'properties that the documentation lists',
  remedy: 'remove the property, or correct its name',
  source: 'meshvm: the types of properties; what nobody reads would be ignored without a word',
});
const CHOICE = rule({
  id: 'shape/choice',
  origin: 'meshvm',
  allowed: 'exactly one of several properties',
  remedy: 'set one of them, and leave the others out',
  source: 'meshvm: the types of properties',
});
const VALUE = rule({
  id: 'shape/value',
  origin: 'meshvm',
  allowed: 'one of the values that the property can have',
  remedy: 'take one of them',
  source: 'meshvm: the types of properties',
});

/**
 * Reads what an author has given as plain data, and notes everything whose type is wrong, and what is missing or unknown. What isn't
 * known yet is no problem yet.
 *
 * @param name Name of the type in `shapes`.
 * @param makers Without one, there must be a value of the class.
 */
export function readShape(
  problems: Problems,
  given: unknown,
  shapes: Shapes,
  name: string,
  makers: Makers = {},
): unknown {
  const definitions = shapes.definitions as Readonly<Record<string, Schema>>;
  return new Reader(problems, definitions, makers).read('', given, { $ref: `#/definitions/${name}` });
}

class Reader {
  public constructor(
    private readonly problems: Problems,
    private readonly definitions: Readonly<Record<string, Schema>>,
    private readonly makers: Makers,
  ) {}

  public read(property: string, value: unknown, given: Schema): unknown {
    if (isDeferred(value)) return value;
    const schema = this.resolved(given);
    if (schema.anyOf !== undefined) return this.readAny(property, value, schema.anyOf);
    if (!hasType(value, schema.type)) {
      this.problems.add(TYPE, property, withoutContent(value), { allowed: this.allowedBy(schema) });
      return value;
    }
    const { enum: values = schema.const === undefined ? undefined : [schema.const] } = schema;
    if (values?.includes(value) === false) {
      this.problems.add(VALUE, property, withoutContent(value), { allowed: this.allowedBy(schema) });
    }
    if (Array.isArray(value)) {
      return value.map((item, index) => this.read(`${property}[${index}]`, item, schema.items ?? {}));
    }
    if (typeof value !== 'object' || value === null) return value;
    if (schema.madeOf?.$ref !== undefined && isPlain(value)) return this.make(property, value, schema.madeOf.$ref);
    return this.readObject(property, value as Readonly<Record<string, unknown>>, schema);
  }

  private readAny(property: string, value: unknown, schemas: readonly Schema[]): unknown {
    const fitting = schemas.find((schema) => hasType(value, this.resolved(schema).type));
    if (fitting !== undefined) return this.read(property, value, fitting);
    const allowed = schemas.map((schema) => this.allowedBy(this.resolved(schema))).join(', or ');
    this.problems.add(TYPE, property, withoutContent(value), { allowed });
    return value;
  }

  private make(property: string, value: object, $ref: string): unknown {
    const props = nameIn($ref);
    const make = this.makers[props];
    if (make === undefined) {
      const name = props.replace(/Props$/, '');
      this.problems.add(TYPE, property, withoutContent(value), {
        allowed: `a ${name}`,
        remedy: `make one by new ${name}({ … })`,
      });
      return value;
    }
    const before = this.problems.all.length;
    const read = this.read(property, value, { $ref });
    return this.problems.all.length === before ? make(property, read as never) : read;
  }

  private readObject(property: string, value: Readonly<Record<string, unknown>>, schema: Schema): unknown {
    const { properties = {}, required = [], additionalProperties = true, oneOf } = schema;
    const read: Record<string, unknown> = {};
    let unknown = false;
    for (const [name, item] of Object.entries(value)) {
      const isKey = !Object.hasOwn(properties, name) && typeof additionalProperties === 'object';
      const path = isKey ? `${property}["${name}"]` : below(property, name);
      const known = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
      // A choice that is false says no more than one that is left out.
      const leftOut = item === undefined || (oneOf !== undefined && item === false && this.isFlag(properties[name]));
      if (leftOut) continue;
      if (typeof known === 'object') put(read, name, this.read(path, item, known));
      else if (known) put(read, name, item);
      else {
        unknown = true;
        this.addUnknown(path, name, item, Object.keys(properties));
      }
    }
    for (const name of required) {
      // What a construct has, it need not have itself.
      if (read[name] !== undefined || value[name] !== undefined) continue;
      this.problems.add(MISSING, below(property, name), undefined, {
        allowed: this.allowedBy(this.resolved(properties[name])),
      });
    }
    if (oneOf !== undefined && !unknown && chosenFrom(oneOf).filter((name) => name in read).length !== 1) {
      const allowed = `exactly one of ${chosenFrom(oneOf).join(', ')}`;
      this.problems.add(CHOICE, property, withoutContent(value), { allowed });
    }
    // What stands somewhere in the program stays what it is: others tell by it whether they mean the same.
    return schema.additionalProperties === true ? value : read;
  }

  private isFlag(schema: Schema | undefined): boolean {
    return schema !== undefined && this.resolved(schema).const === true;
  }

  private addUnknown(property: string, name: string, value: unknown, names: readonly string[]): void {
    this.problems.add(UNKNOWN, property, withoutContent(value), {
      allowed: names.join(', '),
      remedy: didYouMean(name, names),
    });
  }

  private resolved(schema: Schema): Schema {
    const { $ref } = schema;
    if ($ref === undefined) return schema;
    return this.resolved(this.definitions[nameIn($ref)]);
  }

  private allowedBy(schema: Schema): string {
    const { type, properties, oneOf } = schema;
    if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`;
    if (schema.const !== undefined) return `${schema.const}`;
    if (properties !== undefined) {
      if (oneOf === undefined) return `an object with ${Object.keys(properties).join(', ')}`;
      const choices = chosenFrom(oneOf);
      const beside = Object.keys(properties).filter((name) => !choices.includes(name));
      return `an object with ${[...beside, `exactly one of ${choices.join(', ')}`].join(', and ')}`;
    }
    if (type === undefined) return 'a value';
    return [type]
      .flat()
      .map((name) => TYPES[name] ?? name)
      .join(' or ');
  }
}

/** The properties to choose from. */
function chosenFrom(oneOf: readonly Schema[]): readonly string[] {
  return oneOf.flatMap(({ required = [] }) => required);
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

function nameIn($ref: string): string {
  return decodeURIComponent($ref.slice('#/definitions/'.length));
}

/** What stands where it doesn't belong may be a secret, or a file with one: messages say how long such a text is. */
function withoutContent(value: unknown): unknown {
  if (typeof value === 'string') {
    const isShown = isDeferred(value) || (value.length <= 64 && !value.includes('\n') && signOf(value) === undefined);
    return isShown ? value : `${value.length} characters`;
  }
  if (Array.isArray(value)) return value.map(withoutContent);
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withoutContent(item)]));
}

/** Data has no methods. */
function isPlain(value: object): boolean {
  return [Object.prototype, null].includes(Object.getPrototypeOf(value));
}

function hasType(value: unknown, type: Schema['type']): boolean {
  return type === undefined || [type].flat().includes(typeOf(value));
}

/** NaN and infinity are no numbers to YAML and JSON. */
function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number' && !Number.isFinite(value)) return 'no number';
  return typeof value;
}

function below(property: string, name: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `${property}["${name}"]`;
  return property === '' ? name : `${property}.${name}`;
}

/** A key that people choose may be `__proto__`, and an assignment to that would lose it. */
function put(target: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, enumerable: true, writable: true });
}
