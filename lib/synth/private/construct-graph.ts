import { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';

/**
 * The dependencies between the constructs of one app, with those that follow from them as cdk8s has it: a chart depends on the
 * charts in it, and on the chart of whatever something in it depends on; an object depends on each object of what a construct
 * around it depends on. Charts and objects come after what they depend on, otherwise in the order of the tree.
 */
export class ConstructGraph {
  /**
   * @param constructs All constructs of the app, parents first.
   * @returns undefined when a dependency starts or ends outside of the charts of the app.
   */
  public static of(constructs: readonly IConstruct[]): ConstructGraph | undefined {
    const graph = new ConstructGraph(constructs);
    return graph.resolve() ? graph : undefined;
  }

  /** Whether a chart depends on another. */
  public dependent = false;

  private readonly vertices: readonly Vertex[];
  private readonly byConstruct = new Map<IConstruct, Vertex>();
  private readonly objectsIn = new Map<Vertex, readonly Vertex[]>();

  private constructor(constructs: readonly IConstruct[]) {
    this.vertices = constructs.map((construct, index) => {
      const { scope } = construct.node;
      const vertex = new Vertex(construct, index, scope && this.byConstruct.get(scope));
      this.byConstruct.set(construct, vertex);
      return vertex;
    });
    for (const { parent, end } of [...this.vertices].reverse()) {
      if (parent !== undefined) parent.end = Math.max(parent.end, end);
    }
  }

  /** The charts in their order; undefined when there is a cycle among any constructs. */
  public charts(): readonly Chart[] | undefined {
    const order = topology(numbersFirst(this.vertices, ({ construct }) => construct));
    return order?.map(({ construct }) => construct).filter((construct) => construct instanceof Chart);
  }

  /** The objects of a chart in their order. For graphs whose charts are known to have one. */
  public objects(chart: Chart): readonly ApiObject[] {
    const vertex = this.vertexOf(chart);
    const order = topology(this.under(vertex)) ?? [];
    return order
      .filter((inside) => inside.chart === vertex)
      .map(({ construct }) => construct)
      .filter((construct) => construct instanceof ApiObject);
  }

  /** Adds the edges. `false`: a dependency starts or ends outside of the charts of the app. */
  private resolve(): boolean {
    for (const { construct, edges } of this.vertices) {
      for (const dependency of construct.node.dependencies) {
        const target = this.byConstruct.get(dependency);
        if (target === undefined) return false;
        edges.add(target);
      }
    }
    for (const { construct, edges } of this.vertices) {
      if (!(construct instanceof Chart)) continue;
      for (const inner of construct.node.children) {
        if (!(inner instanceof Chart)) continue;
        edges.add(this.vertexOf(inner));
        this.dependent = true;
      }
    }
    for (const [source, target] of this.pairs()) {
      if (source.chart === undefined || target.chart === undefined) return false;
      if (source.chart === target.chart) continue;
      source.chart.edges.add(target.chart);
      this.dependent = true;
    }
    for (const [source, target] of this.pairs()) this.addBundle(source, target);
    return true;
  }

  /** What depends on what, before anything is added. */
  private pairs(): readonly (readonly [Vertex, Vertex])[] {
    return this.vertices.flatMap((source) => [...source.edges].map((target) => [source, target] as const));
  }

  private addBundle(source: Vertex, target: Vertex): void {
    const sources = this.objectsOf(source);
    const targets = this.objectsOf(target);
    // An object that depends on an object without objects under them: the edge says it already.
    if (sources.length === 1 && sources[0] === source && targets.length === 1 && targets[0] === target) return;
    const bundle = { sources, targets };
    for (const object of sources) object.bundles.push(bundle);
  }

  /** The objects that a construct is or holds, without those of charts in it. */
  private objectsOf(vertex: Vertex): readonly Vertex[] {
    const known = this.objectsIn.get(vertex);
    if (known !== undefined) return known;
    const objects = this.under(vertex).filter(
      ({ construct, chart }) => construct instanceof ApiObject && chart === vertex.chart,
    );
    this.objectsIn.set(vertex, objects);
    return objects;
  }

  /** The construct and all that is in it. */
  private under(vertex: Vertex): readonly Vertex[] {
    return this.vertices.slice(vertex.index, vertex.end);
  }

  private vertexOf(construct: IConstruct): Vertex {
    return this.byConstruct.get(construct) as Vertex;
  }
}

/**
 * cdk8s keeps constructs in an object by their path, and JavaScript lists keys that are whole numbers first. Paths with a "/" are
 * none, so this is about the app's direct children, and those have the right order among themselves.
 */
export function numbersFirst<T>(items: readonly T[], construct: (item: T) => IConstruct): readonly T[] {
  const isNumber = (item: T) => /^(?:0|[1-9]\d{0,8})$/.test(construct(item).node.path);
  return items.some(isNumber) ? [...items.filter(isNumber), ...items.filter((item) => !isNumber(item))] : items;
}

/** A construct of the app. */
class Vertex {
  /** The chart that the construct is or stands in. */
  public readonly chart: Vertex | undefined;
  /** What the construct depends on. */
  public readonly edges = new Set<Vertex>();
  /** What the object depends on because a construct around it, or itself, depends on a construct that holds objects. */
  public readonly bundles: Bundle[] = [];
  /** Index after the last construct in this one. */
  public end: number;

  public constructor(
    public readonly construct: IConstruct,
    public readonly index: number,
    public readonly parent: Vertex | undefined,
  ) {
    this.chart = construct instanceof Chart ? this : parent?.chart;
    this.end = index + 1;
  }
}

/** Each source depends on each target, but not on itself. Written out, two charts of a thousand objects would have a million edges. */
interface Bundle {
  readonly sources: readonly Vertex[];
  readonly targets: readonly Vertex[];
}

/** The vertices, each after what it depends on among them; undefined when there is a cycle. */
function topology(vertices: readonly Vertex[]): readonly Vertex[] | undefined {
  const among = new Set(vertices);
  const order = new Set<Vertex>();
  const open = new Set<Vertex>();
  const finished = new Set<Bundle['targets']>();

  function visit(vertex: Vertex): boolean {
    if (order.has(vertex) || !among.has(vertex)) return true;
    if (open.has(vertex)) return false;
    open.add(vertex);
    for (const target of vertex.edges) if (!visit(target)) return false;
    for (const { targets } of vertex.bundles) {
      if (finished.has(targets)) continue;
      for (const target of targets) if (target !== vertex && !visit(target)) return false;
      if (!targets.includes(vertex)) finished.add(targets);
    }
    open.delete(vertex);
    order.add(vertex);
    return true;
  }

  const depended = dependedOn(vertices);
  for (const vertex of vertices) if (!depended.has(vertex) && !visit(vertex)) return undefined;
  // A cycle that nothing depends on was never entered.
  return order.size === vertices.length ? [...order] : undefined;
}

/** What any of the vertices depends on. */
function dependedOn(vertices: readonly Vertex[]): ReadonlySet<Vertex> {
  const depended = new Set<Vertex>();
  const bundles = new Set<Bundle>();
  for (const { edges, bundles: own } of vertices) {
    for (const target of edges) depended.add(target);
    for (const bundle of own) bundles.add(bundle);
  }
  for (const { sources, targets } of bundles) {
    for (const target of targets) if (sources.length > 1 || sources[0] !== target) depended.add(target);
  }
  return depended;
}
