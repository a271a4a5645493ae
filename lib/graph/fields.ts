/**
 * Reads the fields of an object that anybody may have written. A value of another type than the field has in Kubernetes is reported
 * with its path, and then counts as absent.
 */
export class Fields {
  public constructor(
    private readonly value: Readonly<Record<string, unknown>>,
    private readonly path: string,
    private readonly report: (problem: string) => void,
  ) {}

  public get keys(): readonly string[] {
    return Object.keys(this.value);
  }

  public has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  public text(key: string): string | undefined {
    const value = this.get(key);
    return typeof value === 'string' || value === undefined ? value : this.refuse(key, 'text');
  }

  public number(key: string): number | undefined {
    const value = this.get(key);
    return typeof value === 'number' || value === undefined ? value : this.refuse(key, 'a number');
  }

  /** A number or a name, such as a target port, as text. */
  public scalar(key: string): string | undefined {
    const value = this.get(key);
    if (value === undefined || typeof value === 'string') return value;
    return typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : this.refuse(key, 'text or a number');
  }

  public flag(key: string): boolean {
    const value = this.get(key);
    if (value === undefined || typeof value === 'boolean') return value ?? false;
    this.refuse(key, 'true or false');
    return false;
  }

  public map(key: string): Fields {
    return this.optionalMap(key) ?? new Fields({}, `${this.path}.${key}`, this.report);
  }

  public optionalMap(key: string): Fields | undefined {
    const value = this.get(key);
    if (value === undefined) return undefined;
    return isMap(value) ? new Fields(value, `${this.path}.${key}`, this.report) : this.refuse(key, 'a map');
  }

  public maps(key: string): readonly Fields[] {
    return this.items(key, 'a map').flatMap(([item, path]) =>
      isMap(item) ? new Fields(item, path, this.report) : this.refused(path, 'a map'),
    );
  }

  /** A list of texts; numbers are taken for text, as the ports of a policy are. */
  public texts(key: string): readonly string[] {
    return this.items(key, 'text').flatMap(([item, path]) =>
      typeof item === 'string' || typeof item === 'number' ? String(item) : this.refused(path, 'text'),
    );
  }

  /** Labels or annotations. */
  public labels(key: string): Labels {
    const map = this.map(key);
    return new Map(map.keys.flatMap((name) => map.entry(name)).sort(([a], [b]) => compareText(a, b)));
  }

  private entry(name: string): readonly (readonly [string, string])[] {
    const value = this.scalar(name);
    return value === undefined ? [] : [[name, value]];
  }

  private items(key: string, what: string): readonly (readonly [unknown, string])[] {
    const value = this.get(key);
    if (value === undefined) return [];
    if (!Array.isArray(value)) return this.refuse(key, `a list, each item ${what}`) ?? [];
    return value.map((item: unknown, index) => [item, `${this.path}.${key}[${index}]`]);
  }

  /** YAML's null is an absent field, as for the API server. */
  private get(key: string): unknown {
    return Object.hasOwn(this.value, key) ? (this.value[key] ?? undefined) : undefined;
  }

  private refuse(key: string, what: string): undefined {
    this.refused(`${this.path}.${key}`, what);
    return undefined;
  }

  private refused(path: string, what: string): never[] {
    this.report(`${path} must be ${what}: not drawn`);
    return [];
  }
}

/** Labels in the order of their keys. */
export type Labels = ReadonlyMap<string, string>;

/** Whether each label of `selector` is in `labels`. */
export function matches(selector: Labels, labels: Labels): boolean {
  return [...selector].every(([key, value]) => labels.get(key) === value);
}

/** Whether `value` is a map of YAML or JSON. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Order by code units: the same everywhere, whatever the locale. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
