import { type Problems, type Rule, rule } from '../../core/problems';
import type { DataProblems } from '../private/from-data';
import { FileData } from './file-data';

const UNKNOWN = rule({
  id: 'machine-file/unknown-field',
  origin: 'meshvm',
  allowed: 'the fields that the machine file has at this place',
  remedy: 'correct the spelling, or remove the field',
  source: 'meshvm: what is not understood would be missing on the machine',
});
const TYPE = rule({
  id: 'machine-file/type',
  origin: 'meshvm',
  allowed: 'a value of the type that the field has',
  remedy: 'write such a value; text that looks like a number needs quotation marks',
  source: 'YAML 1.2 core schema',
});
const MISSING = rule({
  id: 'machine-file/missing',
  origin: 'meshvm',
  allowed: 'a value',
  remedy: 'add the field',
  source: 'meshvm: the field has no default',
});
const CHOICE = rule({
  id: 'machine-file/choice',
  origin: 'meshvm',
  allowed: 'exactly one of the choices',
  remedy: 'keep one',
  source: 'meshvm: each choice excludes the others',
});

/** What a choice is made of: a reader for the fields below each name. */
export type Choices<T> = Readonly<Record<string, (fields: FileFields) => T>>;
/** Choices that exist elsewhere and not in a file, and the rule that says what to do. */
export type RefusedChoices = Readonly<Record<string, Rule>>;
/** Makes something of an item of a list. */
export type ItemReader<T> = (problems: Problems, property: string, value: unknown) => T;

/**
 * Reads the fields of a map that somebody has written by hand. A field that is missing or has another type is reported with its path, and
 * gets a stand-in, so that everything is read and all problems are known at once.
 */
export class FileFields {
  /** What `read` makes of the map in `property`. Fields that it does not ask for are reported. */
  public static read<T>(problems: Problems, property: string, value: unknown, read: (fields: FileFields) => T): T {
    if (!isMap(value)) problems.add(TYPE, property, value, { allowed: 'a map' });
    const fields = new FileFields(problems.at(property), isMap(value) ? value : {}, isMap(value));
    const result = read(fields);
    fields.finish();
    return result;
  }

  /** Makes values of what was read; paths begin at this map. */
  public readonly data: DataProblems;

  private readonly known = new Set<string>();
  private readonly refused = new Set<string>();

  private constructor(
    private readonly problems: Problems,
    private readonly value: Readonly<Record<string, unknown>>,
    private readonly reports: boolean,
  ) {
    this.data = new FileData(problems);
  }

  public text(name: string): string {
    return this.required(name, 'text', this.optionalText(name)) ?? '';
  }

  public optionalText(name: string): string | undefined {
    return this.scalar<string>(name, 'string', 'text');
  }

  public number(name: string): number {
    return this.required(name, 'a number', this.optionalNumber(name)) ?? 0;
  }

  public optionalNumber(name: string): number | undefined {
    return this.scalar<number>(name, 'number', 'a number');
  }

  public optionalFlag(name: string): boolean | undefined {
    return this.scalar<boolean>(name, 'boolean', 'true or false');
  }

  /** A list; each item is read with its own path. */
  public list<T>(name: string, item: ItemReader<T>): readonly T[] {
    return this.required(name, 'a list', this.optionalList(name, item)) ?? [];
  }

  public optionalList<T>(name: string, item: ItemReader<T>): readonly T[] | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (Array.isArray(value)) return value.map((each, index) => item(this.problems, `${name}[${index}]`, each));
    return this.wrong(name, 'a list');
  }

  /** What `read` makes of the map in a field. */
  public optionalMap<T>(name: string, read: (fields: FileFields) => T): T | undefined {
    const value = this.get(name);
    return value === undefined ? undefined : FileFields.read(this.problems, name, value, read);
  }

  /** A map with exactly one of the choices in it. */
  public choice<T>(name: string, choices: Choices<T>): T | undefined {
    return this.required(name, oneOf(choices), this.optionalChoice(name, choices));
  }

  public optionalChoice<T>(name: string, choices: Choices<T>, refused: RefusedChoices = {}): T | undefined {
    const value = this.get(name);
    return value === undefined ? undefined : choice(this.problems, name, value, choices, refused);
  }

  /** A value out of a few words. */
  public word<T extends string>(name: string, words: readonly T[]): T | undefined {
    const value = this.get(name);
    if (value === undefined) return this.required<T>(name, `one of ${words.join(', ')}`, undefined);
    const found = words.find((word) => word === value);
    return found ?? this.wrong(name, `one of ${words.join(', ')}`);
  }

  /** Refuses fields that would have no effect. */
  public refuse(violated: Rule, names: readonly string[]): void {
    for (const name of names.filter((each) => Object.hasOwn(this.value, each))) {
      this.refused.add(name);
      this.problems.add(violated, name, this.value[name]);
    }
  }

  private finish(): void {
    const allowed = this.known.size === 0 ? 'no fields' : [...this.known].join(', ');
    for (const [name, value] of Object.entries(this.value)) {
      if (!this.known.has(name) && !this.refused.has(name)) this.problems.add(UNKNOWN, name, value, { allowed });
    }
  }

  private get(name: string): unknown {
    this.known.add(name);
    // Own fields alone: no file has a field from the prototype.
    return Object.hasOwn(this.value, name) ? this.value[name] : undefined;
  }

  private scalar<T>(name: string, type: string, what: string): T | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    return typeof value === type && !Number.isNaN(value) ? (value as T) : this.wrong(name, what);
  }

  private required<T>(name: string, what: string, value: T | undefined): T | undefined {
    if (value === undefined && this.reports && !Object.hasOwn(this.value, name)) {
      this.problems.add(MISSING, name, undefined, { allowed: what });
    }
    return value;
  }

  private wrong(name: string, what: string): undefined {
    this.problems.add(TYPE, name, this.value[name], { allowed: what });
    return undefined;
  }
}

/** An item that is text. */
export function textOf(problems: Problems, property: string, value: unknown): string {
  if (typeof value === 'string') return value;
  problems.add(TYPE, property, value, { allowed: 'text' });
  return '';
}

/** A map with exactly one of the choices in it. */
export function choice<T>(
  problems: Problems,
  property: string,
  value: unknown,
  choices: Choices<T>,
  refused: RefusedChoices = {},
): T | undefined {
  const names = Object.keys(choices);
  const allowed = oneOf(choices);
  if (!isMap(value)) {
    problems.add(TYPE, property, value, { allowed });
    return undefined;
  }
  const given = Object.keys(value);
  const unknown = given.filter((name) => !names.includes(name));
  for (const name of unknown) {
    const known = Object.hasOwn(refused, name);
    problems
      .at(property)
      .add(known ? refused[name] : UNKNOWN, name, value[name], known ? {} : { allowed: names.join(', ') });
  }
  const known = given.filter((name) => names.includes(name));
  if (known.length !== 1) {
    if (unknown.length === 0 || known.length > 1) problems.add(CHOICE, property, known, { allowed });
    return undefined;
  }
  const [name] = known;
  return FileFields.read(problems.at(property), name, value[name] ?? {}, choices[name]);
}

function oneOf(choices: Choices<unknown>): string {
  return `a map with exactly one of ${Object.keys(choices).join(', ')}`;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
