/** Where something is declared, as far as checks need to know: a construct, or a Pulumi component. */
export interface Scope {
  readonly node: {
    /** Path, for messages. */
    readonly path: string;
    /** The program that it belongs to. */
    readonly root: object;
  };
}

/** A kind of fact. Each is made once, beside the type of its facts. */
export class FactKind<T> {
  /**
   * @param name What its facts are, for whoever debugs a registry.
   * @param keyOf What facts of the kind are looked up by, where there are many.
   */
  public constructor(
    public readonly name: string,
    public readonly keyOf: (value: T) => string = () => '',
  ) {}
}

/** Something that is so because a construct or component has declared it. */
export interface Fact<T> {
  /** Path of who declared it: what messages call it. */
  readonly path: string;
  readonly value: T;
}

/**
 * What the constructs of one program have declared so far, as facts by kind, each with the path of its construct: objects, members, hosts
 * that somebody has claimed, gateways. Whoever declares something compares it with the facts that are there and adds its own: what two of
 * them contradict each other in is so found by the second, whichever that is, and its message names the first.
 *
 * A Pulumi component has a registry, too, with what is known of it beside its outputs: each field of a component is one of those.
 */
export class Registry {
  /** The registry of the program that `scope` stands in. It is dropped with the program. */
  public static ofProgram(scope: Scope): Registry {
    return Registry.of(scope.node.root);
  }

  /** The registry of a program, by its root, or of a component. It is dropped with its owner. */
  public static of(owner: object): Registry {
    const existing = registries.get(owner);
    if (existing) return existing;
    const created = new Registry();
    registries.set(owner, created);
    return created;
  }

  private readonly shelves = new Map<FactKind<never>, Shelf>();
  private declared = 0;

  /** How much has been declared so far: a point in the program. */
  public get moment(): number {
    return this.declared;
  }

  /** Adds a fact. Nothing is checked: that is for whoever knows the kind. */
  public declare<T>(kind: FactKind<T>, path: string, value: T): void {
    this.declared += 1;
    const shelf = this.shelfOf(kind);
    const entry = { path, value, moment: this.declared };
    shelf.inOrder.push(entry);
    const key = kind.keyOf(value);
    const sameKey = shelf.byKey.get(key);
    if (sameKey) sameKey.push(entry);
    else shelf.byKey.set(key, [entry]);
  }

  /** The facts of a kind in the order of their declaration; with a `key`, those that have it. */
  public facts<T>(kind: FactKind<T>, key?: string): readonly Fact<T>[] {
    const shelf = this.shelves.get(kind as FactKind<never>);
    const entries = key === undefined ? shelf?.inOrder : shelf?.byKey.get(key);
    return (entries ?? []) as readonly Entry[] as readonly (Entry & Fact<T>)[];
  }

  /** The first of these facts. */
  public first<T>(kind: FactKind<T>, key?: string): Fact<T> | undefined {
    return this.facts(kind, key)[0];
  }

  /**
   * The same with other facts of some paths: `own` goes before the rest, and in place of what the same path has declared of a kind. What is
   * declared in it is declared here.
   */
  public with(own: Registry): Registry {
    return new View(this, own, undefined);
  }

  /** The same as it was at a moment. What is declared in it stays in it. */
  public at(moment: number, own: Registry): Registry {
    return new View(this, own, moment);
  }

  private shelfOf(kind: FactKind<never>): Shelf {
    const existing = this.shelves.get(kind);
    if (existing) return existing;
    const created: Shelf = { inOrder: [], byKey: new Map() };
    this.shelves.set(kind, created);
    return created;
  }
}

const registries = new WeakMap<object, Registry>();

interface Entry extends Fact<unknown> {
  readonly moment: number;
}

interface Shelf {
  readonly inOrder: Entry[];
  readonly byKey: Map<string, Entry[]>;
}

/** Copies nothing: thousands of components may each have a view of thousands of facts. */
class View extends Registry {
  public constructor(
    private readonly whole: Registry,
    private readonly own: Registry,
    private readonly until: number | undefined,
  ) {
    super();
  }

  public override declare<T>(kind: FactKind<T>, path: string, value: T): void {
    const target = this.until === undefined ? this.whole : this.own;
    target.declare(kind, path, value);
  }

  public override facts<T>(kind: FactKind<T>, key?: string): readonly Fact<T>[] {
    const { until = Number.POSITIVE_INFINITY } = this;
    const replaced = new Set(this.own.facts(kind).map(({ path }) => path));
    const others = (this.whole.facts(kind, key) as readonly (Entry & Fact<T>)[]).filter(
      ({ path, moment }) => moment <= until && !replaced.has(path),
    );
    return [...this.own.facts(kind, key), ...others];
  }
}
