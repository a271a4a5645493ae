import { compareText } from './fields';
import { type EdgeKind, type Graph, type GraphEdge, type GraphNode, NodeKind } from './graph';

/** A node in the making. */
export interface NodeDraft extends GraphNode {
  readonly lines: string[];
  readonly open: string[];
}

/** A graph in the making. The same node or edge may be asked for again and again. */
export class GraphDraft {
  private readonly nodes = new Map<string, NodeDraft>();
  private readonly edges = new Map<string, GraphEdge & { readonly labels: string[] }>();
  private readonly notes = new Set<string>();
  private readonly ids = new Set<string>(['notes']);

  /** The node of that kind and name. */
  public node(kind: NodeKind, name: string, namespace?: string): NodeDraft {
    const key = JSON.stringify([kind, namespace, name]);
    const known = this.nodes.get(key);
    if (known) return known;
    const id = this.idOf(namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace} ${name}`);
    const node = { id, kind, name, namespace, lines: [], open: [] };
    this.nodes.set(key, node);
    return node;
  }

  public edge(kind: EdgeKind, from: GraphNode, to: GraphNode, label = ''): void {
    const key = JSON.stringify([kind, from.id, to.id]);
    const edge = this.edges.get(key) ?? { kind, from: from.id, to: to.id, labels: [] };
    if (label !== '' && !edge.labels.includes(label)) edge.labels.push(label);
    this.edges.set(key, edge);
  }

  public hasEdge(kind: EdgeKind, from: GraphNode, to: GraphNode): boolean {
    return this.edges.has(JSON.stringify([kind, from.id, to.id]));
  }

  /** Says what is not in the picture. */
  public note(text: string): void {
    this.notes.add(text);
  }

  public graph(title: string): Graph {
    const nodes = [...this.nodes.values()];
    const names = new Set(nodes.flatMap(({ namespace }) => (namespace === undefined ? [] : [namespace])));
    return {
      title,
      namespaces: [...names].sort(compareText).map((name) => ({ id: this.idOf(`namespace ${name}`), name })),
      nodes: nodes.map((node) => ({ ...node, lines: [...new Set(node.lines)], open: [...new Set(node.open)] })),
      edges: [...this.edges.values()],
      notes: [...this.notes].sort(compareText),
    };
  }

  /** Made of the name, so that one more object changes few lines of the text. */
  private idOf(text: string): string {
    const base = text.replace(/[^A-Za-z0-9]/g, '_');
    let id = base;
    for (let count = 2; this.ids.has(id); count++) id = `${base}_${count}`;
    this.ids.add(id);
    return id;
  }
}

/** Whether a node stands for workloads. */
export function isWorkload(kind: NodeKind): boolean {
  return kind === NodeKind.GROUP || kind === NodeKind.MACHINE || kind === NodeKind.PODS;
}
