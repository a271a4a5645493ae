import { type Cell, COLUMN_COUNT, cellsOf, LABEL_SIZE, type Port, type TextLine, type Wire } from './cells';
import { type Graph, type GraphEdge, type GraphNode, namespaceTitle } from './graph';
import { textWidth, visible } from './text';

/** A place in pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle in pixels. */
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** A node in its place. */
export interface PlacedNode extends Box {
  readonly node: GraphNode;
  readonly text: readonly TextLine[];
}

/** A namespace in its place. */
export interface PlacedFrame extends Box {
  readonly title: string;
}

/** An edge as a way: straight, curved, straight, and so on for each column that it passes. */
export interface PlacedEdge {
  readonly edge: GraphEdge;
  readonly curves: readonly Curve[];
  readonly label: readonly string[];
  /** Whether it arrives from the left, so that its label ends at the arrow. */
  readonly arrivesLeft: boolean;
}

/** Straight from `start` to `bend`, in a curve to `unbend`, and straight to `end`. */
export interface Curve {
  readonly start: Point;
  readonly bend: Point;
  readonly unbend: Point;
  readonly end: Point;
}

/** A picture with everything in its place. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly PlacedFrame[];
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

/** Room around everything. */
export const MARGIN = 24;
/** Room for the point of an arrow. */
export const ARROW = 12;
/** Room from the upper edge of a frame to its first box. */
export const FRAME_TITLE = 30;

const GAP = 18;
const FRAME_PADDING = 14;
const CURVE = 56;

/**
 * Places a graph: a column for each kind of node, a band for each namespace. Boxes never overlap, and lines keep out of boxes.
 *
 * Columns have a meaning here, whatever the edges say. Of the libraries for layered graphs, dagre has no such columns, and elkjs is
 * many times as large as this package.
 */
export function layout(graph: Graph): Layout {
  const { cells, wires } = cellsOf(graph);
  order(cells, wires);
  const bands = placeBands(graph, cells);
  placeFrameless(cells, bands);
  const columns = columnsOf(cells);
  const shown = columns.filter(({ isEmpty }) => !isEmpty);
  const bottoms = [...cells.map((cell) => cell.y + cell.height), ...bands.map(({ bottom }) => bottom)];
  return {
    width: Math.max(0, ...shown.map((column) => column.right + column.rightLabels)) + CURVE + MARGIN,
    height: Math.max(0, ...bottoms) + MARGIN,
    frames: framesOf(graph, bands, columns),
    nodes: cells.flatMap((cell) => placeNode(cell, columns)),
    edges: wires.map((wire) => placeEdge(wire, columns)),
  };
}

interface Band {
  readonly top: number;
  readonly bottom: number;
}

interface Column {
  readonly left: number;
  readonly right: number;
  /** Room beside the boxes for the labels of edges that arrive there. */
  readonly leftLabels: number;
  readonly rightLabels: number;
  readonly isEmpty: boolean;
}

/** Moves cells that are tied to each other to the same height, column after column, there and back. */
function order(cells: readonly Cell[], wires: readonly Wire[]): void {
  const neighbours = new Map<Cell, Cell[]>(cells.map((cell) => [cell, []]));
  for (const { from, to } of wires.flatMap(({ pieces }) => pieces)) {
    neighbours.get(from)?.push(to);
    neighbours.get(to)?.push(from);
  }
  const columns = Array.from({ length: COLUMN_COUNT }, (_, column) => cells.filter((cell) => cell.column === column));
  for (const column of columns) rank(column);
  const back = [...columns].reverse();
  for (const column of [...columns, ...back, ...columns, ...back]) {
    const wishes = new Map(column.map((cell) => [cell, meanRank(cell, neighbours.get(cell) ?? [])]));
    const wish = (cell: Cell) => wishes.get(cell) ?? cell.rank;
    rank([...column].sort((a, b) => wish(a) - wish(b) || a.rank - b.rank));
  }
}

/** Gives cells of a column their places in this order: within the band, or over all bands. */
function rank(column: readonly Cell[]): void {
  for (const band of new Set(column.map((cell) => cell.band))) {
    const cells = column.filter((cell) => cell.band === band);
    cells.forEach((cell, index) => {
      cell.rank = band === undefined ? index / 1000 : band + (index + 0.5) / cells.length;
    });
  }
}

function meanRank(cell: Cell, neighbours: readonly Cell[]): number {
  const others = neighbours.filter((other) => other !== cell);
  if (others.length === 0) return cell.rank;
  return others.reduce((sum, other) => sum + other.rank, 0) / others.length;
}

/** Stacks the namespaces, and in each the cells of a column. */
function placeBands(graph: Graph, cells: readonly Cell[]): readonly Band[] {
  const bands: Band[] = [];
  let top = MARGIN;
  const count = Math.max(graph.namespaces.length, ...cells.map(({ band }) => (band ?? -1) + 1));
  for (let band = 0; band < count; band++) {
    const stacks = Array.from({ length: COLUMN_COUNT }, (_, column) =>
      cells.filter((cell) => cell.band === band && cell.column === column).sort((a, b) => a.rank - b.rank),
    );
    const height = Math.max(...stacks.map(stackHeight));
    for (const stack of stacks) placeStack(stack, top + FRAME_TITLE + (height - stackHeight(stack)) / 2);
    const bottom = top + FRAME_TITLE + height + FRAME_PADDING;
    bands.push({ top, bottom });
    top = bottom + GAP;
  }
  return bands;
}

function stackHeight(stack: readonly Cell[]): number {
  return stack.reduce((sum, cell) => sum + cell.height, 0) + GAP * Math.max(0, stack.length - 1);
}

function placeStack(stack: readonly Cell[], top: number): void {
  let y = top;
  for (const cell of stack) {
    cell.y = y;
    y += cell.height + GAP;
  }
}

/** Places what has no namespace beside what it is tied to. */
function placeFrameless(cells: readonly Cell[], bands: readonly Band[]): void {
  const center = bands.length > 0 ? (bands[0].top + bands[bands.length - 1].bottom) / 2 : MARGIN;
  for (const column of [0, COLUMN_COUNT - 1]) {
    const stack = cells.filter((cell) => cell.band === undefined && cell.column === column);
    const wishes = new Map(stack.map((cell) => [cell, wishedMiddle(cell) ?? center]));
    let top = MARGIN;
    for (const cell of stack.sort((a, b) => (wishes.get(a) ?? 0) - (wishes.get(b) ?? 0) || a.rank - b.rank)) {
      cell.y = Math.max(top, (wishes.get(cell) ?? 0) - cell.height / 2);
      top = cell.y + cell.height + GAP;
    }
  }
}

function wishedMiddle({ left, right }: Cell): number | undefined {
  const others = [...left, ...right].map(({ other }) => other).filter(({ band }) => band !== undefined);
  return others.length > 0 ? others.reduce((sum, other) => sum + other.middle, 0) / others.length : undefined;
}

function columnsOf(cells: readonly Cell[]): readonly Column[] {
  let x = MARGIN;
  return Array.from({ length: COLUMN_COUNT }, (_, index): Column => {
    const column = cells.filter((cell) => cell.column === index);
    if (column.length === 0) return { left: x, right: x, leftLabels: 0, rightLabels: 0, isEmpty: true };
    const leftLabels = labelWidth(column.flatMap((cell) => cell.left));
    const rightLabels = labelWidth(column.flatMap((cell) => cell.right));
    const left = x + leftLabels;
    const right = left + Math.max(...column.map((cell) => cell.width));
    x = right + rightLabels + CURVE;
    return { left, right, leftLabels, rightLabels, isEmpty: false };
  });
}

function labelWidth(ports: readonly Port[]): number {
  return Math.max(0, ...ports.flatMap(({ label }) => label.map((line) => textWidth(line, LABEL_SIZE) + 2 * ARROW)));
}

function framesOf(graph: Graph, bands: readonly Band[], columns: readonly Column[]): readonly PlacedFrame[] {
  const framed = columns.slice(1, -1).filter(({ isEmpty }) => !isEmpty);
  if (framed.length === 0) return [];
  const [first, last] = [framed[0], framed[framed.length - 1]];
  const x = first.left - first.leftLabels - FRAME_PADDING;
  const width = last.right + last.rightLabels + FRAME_PADDING - x;
  return graph.namespaces.map((namespace, index) => {
    const { top, bottom } = bands[index];
    return { x, y: top, width, height: bottom - top, title: visible(namespaceTitle(namespace)) };
  });
}

function placeNode(cell: Cell, columns: readonly Column[]): readonly PlacedNode[] {
  const { left, right } = columns[cell.column];
  const { node, text, y, height } = cell;
  return node ? [{ node, text, x: left, y, width: right - left, height }] : [];
}

function placeEdge({ edge, pieces }: Wire, columns: readonly Column[]): PlacedEdge {
  const last = pieces[pieces.length - 1];
  const curves = pieces.map((piece): Curve => {
    const [from, to] = [columns[piece.from.column], columns[piece.to.column]];
    const [leaveY, arriveY] = [piece.from.lineOf(piece.leave), piece.to.lineOf(piece.arrive)];
    return {
      start: { x: piece.leavesRight ? from.right : from.left, y: leaveY },
      bend: { x: piece.leavesRight ? from.right + from.rightLabels : from.left - from.leftLabels, y: leaveY },
      unbend: { x: piece.arrivesLeft ? to.left - to.leftLabels : to.right + to.rightLabels, y: arriveY },
      end: { x: piece.arrivesLeft ? to.left : to.right, y: arriveY },
    };
  });
  return { edge, curves, label: last.arrive.label, arrivesLeft: last.arrivesLeft };
}
