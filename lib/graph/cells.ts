import { type Graph, type GraphEdge, type GraphNode, NodeKind } from './graph';
import { edgeLines, KIND_TITLES } from './mermaid';
import { textWidth, visible, wrap } from './text';

/** A line of text of a node, and how it is set. */
export interface TextLine {
  readonly text: string;
  readonly style: TextStyle;
}

/** How a line of text is set. */
export enum TextStyle {
  KIND = 'kind',
  NAME = 'name',
  LINE = 'line',
  OPEN = 'open',
}

/** Height of a line of text of a node, and the size of its letters. */
export const LINE_HEIGHT = 16;
export const FONT_SIZE = 12;
/** The same of the labels of edges. */
export const LABEL_HEIGHT = 14;
export const LABEL_SIZE = 11;
/** Room between the border of a box and its text. */
export const PADDING = 10;
/** How many columns there are. */
export const COLUMN_COUNT = 6;

const MIN_PORT = 12;
/** Room between a label and the line under it. */
const LABEL_GAP = 6;
const LABEL_LENGTH = 30;
const LINE_LENGTH = 44;

/** Columns from left to right, by what stands in them. */
const COLUMNS: Readonly<Record<NodeKind, number>> = {
  [NodeKind.OUTSIDE]: 0,
  [NodeKind.CALLER]: 0,
  [NodeKind.GATEWAY]: 1,
  [NodeKind.SERVICE]: 2,
  [NodeKind.ENTRY]: 2,
  [NodeKind.GROUP]: 3,
  [NodeKind.MACHINE]: 3,
  [NodeKind.PODS]: 3,
  [NodeKind.EXTERNAL]: 4,
  [NodeKind.NETWORK]: 5,
};

/** A place in a column: for a node, or a lane for an edge that passes by. */
export class Cell {
  public readonly text: readonly TextLine[];
  public readonly left: Port[] = [];
  public readonly right: Port[] = [];
  /** Upper edge, in pixels. */
  public y = 0;
  /** Where it stands among the cells of all bands, from top to bottom. */
  public rank = 0;

  public constructor(
    public readonly node: GraphNode | undefined,
    /** Index of its namespace, or undefined outside of all frames. */
    public readonly band: number | undefined,
    public readonly column: number,
  ) {
    this.text = node ? textOf(node) : [];
  }

  public get width(): number {
    if (!this.node) return 0;
    return Math.max(...this.text.map(({ text }) => textWidth(text, FONT_SIZE))) + 2 * PADDING;
  }

  public get height(): number {
    if (!this.node) return MIN_PORT;
    return Math.max(this.text.length * LINE_HEIGHT + 2 * PADDING, portsHeight(this.left), portsHeight(this.right));
  }

  public get middle(): number {
    return this.y + this.height / 2;
  }

  /** Height at which the line of a port runs. */
  public lineOf(port: Port): number {
    if (!this.node) return this.middle;
    const ports = this.left.includes(port) ? this.left : this.right;
    const sorted = [...ports].sort((a, b) => a.other.middle - b.other.middle || a.index - b.index);
    const above = portsHeight(sorted.slice(0, sorted.indexOf(port)));
    const top = this.y + (this.height - portsHeight(ports)) / 2 + above;
    return port.label.length > 0 ? top + portHeight(port) - LABEL_GAP / 2 : top + portHeight(port) / 2;
  }
}

/** Where an edge touches the side of a cell. */
export interface Port {
  /** What stands over the line; empty where it leaves. */
  readonly label: readonly string[];
  /** The cell at the other end of the line. */
  readonly other: Cell;
  readonly index: number;
}

/** An edge, in pieces from column to column. */
export interface Wire {
  readonly edge: GraphEdge;
  readonly pieces: readonly Piece[];
}

/** A line from a cell to one in a column beside its own, or in its own. */
export interface Piece {
  readonly from: Cell;
  readonly to: Cell;
  readonly leave: Port;
  readonly arrive: Port;
  readonly leavesRight: boolean;
  readonly arrivesLeft: boolean;
}

/** The cells of a graph, lanes among them, and the wires between them. */
export function cellsOf(graph: Graph): { readonly cells: readonly Cell[]; readonly wires: readonly Wire[] } {
  const nodes = graph.nodes.map((node) => new Cell(node, bandOf(graph, node), columnOf(node)));
  const byId = new Map(nodes.map((cell) => [cell.node?.id, cell]));
  const lanes: Cell[] = [];
  const wires = graph.edges.flatMap((edge, index) => {
    const [from, to] = [byId.get(edge.from), byId.get(edge.to)];
    return from && to ? [wire(edge, index, from, to, lanes)] : [];
  });
  return { cells: [...nodes, ...lanes], wires };
}

function wire(edge: GraphEdge, index: number, from: Cell, to: Cell, lanes: Cell[]): Wire {
  const step = Math.sign(to.column - from.column);
  const between: Cell[] = [];
  for (let column = from.column + step; step !== 0 && column !== to.column; column += step) {
    between.push(new Cell(undefined, to.band ?? from.band ?? 0, column));
  }
  lanes.push(...between);
  const cells = [from, ...between, to];
  const label = edgeLines(edge).flatMap((line) => wrap(visible(line), LABEL_LENGTH));
  const pieces = cells.slice(1).map((cell, position): Piece => {
    const previous = cells[position];
    const leave = { label: [], other: cell, index };
    const arrive = { label: cell === to ? label : [], other: previous, index };
    const [leavesRight, arrivesLeft] = [step >= 0, step > 0];
    (leavesRight ? previous.right : previous.left).push(leave);
    (arrivesLeft ? cell.left : cell.right).push(arrive);
    return { from: previous, to: cell, leave, arrive, leavesRight, arrivesLeft };
  });
  return { edge, pieces };
}

function bandOf(graph: Graph, { namespace }: GraphNode): number | undefined {
  return namespace === undefined ? undefined : graph.namespaces.findIndex(({ name }) => name === namespace);
}

/** Frames reach over the columns between the first and the last. */
function columnOf({ kind, namespace }: GraphNode): number {
  const column = COLUMNS[kind];
  if (namespace !== undefined) return Math.min(Math.max(column, 1), COLUMN_COUNT - 2);
  return kind === NodeKind.NETWORK ? column : 0;
}

function textOf({ kind, name, lines, open }: GraphNode): readonly TextLine[] {
  const set = (text: string, style: TextStyle) =>
    wrap(visible(text), LINE_LENGTH).map((line): TextLine => ({ text: line, style }));
  return [
    ...set(KIND_TITLES[kind], TextStyle.KIND),
    ...set(name, TextStyle.NAME),
    ...lines.flatMap((line) => set(line, TextStyle.LINE)),
    ...open.flatMap((line) => set(`OPEN: ${line}`, TextStyle.OPEN)),
  ];
}

function portsHeight(ports: readonly Port[]): number {
  return ports.reduce((sum, port) => sum + portHeight(port), 0);
}

function portHeight({ label }: Port): number {
  return label.length > 0 ? label.length * LABEL_HEIGHT + LABEL_GAP : MIN_PORT;
}
