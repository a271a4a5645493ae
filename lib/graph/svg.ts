import { FONT_SIZE, LABEL_HEIGHT, LABEL_SIZE, LINE_HEIGHT, PADDING, TextStyle } from './cells';
import { EdgeKind, type Graph, type GraphNode, NodeKind } from './graph';
import {
  ARROW,
  type Curve,
  FRAME_TITLE,
  layout,
  MARGIN,
  type PlacedEdge,
  type PlacedFrame,
  type PlacedNode,
} from './layout';
import { edgeLines, KIND_TITLES } from './mermaid';
import { textWidth, visible, wrap } from './text';

/** The picture as an SVG document that stands alone: no scripts, no fonts, nothing fetched; light or dark as the reader has it. */
export function svg(graph: Graph): string {
  const { nodes, edges, frames, width: drawnWidth, height: drawnHeight } = layout(graph);
  const legend = legendOf(graph);
  const noteLines = graph.notes.flatMap((note) => wrap(visible(note), NOTE_LENGTH));
  const below = [...legend, ...noteLines];
  const textual = [graph.title, ...below].map(
    (text) => textWidth(visible(text), FONT_SIZE) + LEGEND_INDENT + 2 * MARGIN,
  );
  const width = Math.max(drawnWidth, ...textual);
  const height = HEADER + drawnHeight + (below.length > 0 ? below.length * LINE_HEIGHT + MARGIN : 0);
  const shift = (text: string) => `<g transform="translate(0 ${HEADER})">\n${text}\n</g>`;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${n(width)}" height="${n(height)}" viewBox="0 0 ${n(width)} ${n(height)}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escaped(graph.title)}</title>`,
    `<desc id="description">${escaped(description(graph))}</desc>`,
    `<style>${STYLE}</style>`,
    MARKERS,
    `<rect class="paper" width="${n(width)}" height="${n(height)}"/>`,
    `<text class="title" x="${MARGIN}" y="${MARGIN + LINE_HEIGHT}">${escaped(graph.title)}</text>`,
    shift(
      [...frames.map(frameText), ...edges.map(edgeLine), ...nodes.map(nodeText), ...edges.map(edgeLabel)].join('\n'),
    ),
    ...legend.map((text, index) => legendText(graph, text, index, HEADER + drawnHeight + index * LINE_HEIGHT)),
    ...noteLines.map((line, index) => noteText(line, HEADER + drawnHeight + (legend.length + index) * LINE_HEIGHT)),
    '</svg>',
  ]
    .filter((line) => line !== '')
    .join('\n')}\n`;
}

const HEADER = 40;
const NOTE_LENGTH = 120;
const LEGEND_LINE = 40;
const LEGEND_INDENT = LEGEND_LINE + 12;

const LIGHT =
  '--paper:#fff;--ink:#1b1f24;--soft:#59636e;--line:#6e7781;--box:#f6f8fa;--frame:#d0d7de;--open:#b93a05;--deny:#a40e26;--route:#0550ae;--allow:#116329';
const DARK =
  '--paper:#0d1117;--ink:#e6edf3;--soft:#9198a1;--line:#8b949e;--box:#161b22;--frame:#3d444d;--open:#ffa657;--deny:#ff7b72;--route:#79c0ff;--allow:#7ee787';
const STYLE = [
  `svg{${LIGHT};font-family:system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;font-size:${FONT_SIZE}px}`,
  `@media(prefers-color-scheme:dark){svg{${DARK}}}`,
  'text{fill:var(--ink)}.paper{fill:var(--paper)}.title{font-size:16px;font-weight:600}',
  '.frame{fill:none;stroke:var(--frame);stroke-width:1.5}.frametitle,.kind{fill:var(--soft)}',
  '.box{fill:var(--box);stroke:var(--line)}.box.isopen{stroke:var(--open);stroke-width:2}.name{font-weight:600}.open{fill:var(--open)}',
  `.label{font-size:${LABEL_SIZE}px}.note{fill:var(--soft)}`,
  '.edge{fill:none;stroke:var(--line);stroke-width:1.3}.point{fill:var(--line)}',
  '.edge.selects,.edge.network,.edge.watches{stroke-dasharray:4 3}.edge.mirrors{stroke-dasharray:1 3}',
  '.edge.routes{stroke:var(--route);stroke-width:2}.edge.allows,.edge.calls{stroke:var(--allow)}.edge.denies{stroke:var(--deny)}',
  '.point.routes{fill:var(--route)}.point.allows{fill:var(--allow)}.point.denies{fill:var(--deny)}',
].join('');

/** Points of arrows by colour; an edge of a network has none. */
const POINTS: Readonly<Record<EdgeKind, string>> = {
  [EdgeKind.REACHES]: 'plain',
  [EdgeKind.SELECTS]: 'plain',
  [EdgeKind.ROUTES]: 'routes',
  [EdgeKind.MIRRORS]: 'plain',
  [EdgeKind.ALLOWS]: 'allows',
  [EdgeKind.DENIES]: 'denies',
  [EdgeKind.WATCHES]: 'plain',
  [EdgeKind.CALLS]: 'allows',
  [EdgeKind.NETWORK]: '',
};
const MARKERS = `<defs>${['plain', 'routes', 'allows', 'denies']
  .map(
    (name) =>
      `<marker id="${name}" viewBox="0 0 10 10" refX="10" refY="5" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto">${
        name === 'denies'
          ? '<path class="edge denies" d="M1 1L9 9M9 1L1 9"/>'
          : `<path class="point ${name}" d="M0 0L10 5L0 10z"/>`
      }</marker>`,
  )
  .join('')}</defs>`;

const EDGE_MEANINGS: Readonly<Record<EdgeKind, string>> = {
  [EdgeKind.REACHES]: 'reaches a load balancer',
  [EdgeKind.SELECTS]: 'is served by',
  [EdgeKind.ROUTES]: 'traffic is routed',
  [EdgeKind.MIRRORS]: 'requests are copied',
  [EdgeKind.ALLOWS]: 'may call',
  [EdgeKind.DENIES]: 'calls are denied',
  [EdgeKind.WATCHES]: 'a policy looks on, or another decides',
  [EdgeKind.CALLS]: 'calls, as its Sidecar says',
  [EdgeKind.NETWORK]: 'is in the network, or its gateway',
};

function frameText({ x, y, width, height, title }: PlacedFrame): string {
  const box = `<rect class="frame" x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="8"/>`;
  return `${box}\n<text class="frametitle" x="${n(x + PADDING)}" y="${n(y + FRAME_TITLE / 2 + 4)}">${escaped(title)}</text>`;
}

function nodeText({ node, text, x, y, width, height }: PlacedNode): string {
  const top = y + (height - text.length * LINE_HEIGHT) / 2 + LINE_HEIGHT - 4;
  const lines = text.map(
    (line, index) =>
      `<text class="${line.style === TextStyle.LINE ? 'line' : line.style}" x="${n(x + PADDING)}" y="${n(top + index * LINE_HEIGHT)}">${escaped(line.text)}</text>`,
  );
  const shape = `class="box${node.open.length > 0 ? ' isopen' : ''}" x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="${ROUND.has(node.kind) ? 14 : 3}"`;
  return [
    `<g class="node ${node.kind}" data-id="${node.id}">`,
    `<title>${escaped(`${KIND_TITLES[node.kind]} ${nameOf(node)}`)}</title>`,
    `<rect ${shape}/>`,
    ...lines,
    '</g>',
  ].join('\n');
}

const ROUND = new Set([NodeKind.SERVICE, NodeKind.ENTRY, NodeKind.OUTSIDE, NodeKind.CALLER]);

function edgeLine({ edge, curves }: PlacedEdge): string {
  const point = POINTS[edge.kind];
  const way = curves.map((curve, index) => `${index === 0 ? 'M' : 'L'}${p(curve.start)}${curveText(curve)}`).join('');
  return `<path class="edge ${edge.kind}" d="${way}"${point === '' ? '' : ` marker-end="url(#${point})"`}/>`;
}

function curveText({ bend, unbend, end }: Curve): string {
  // Both bends at the same side: the line goes out and comes back.
  const middle = bend.x === unbend.x ? bend.x + BOW : (bend.x + unbend.x) / 2;
  return `L${p(bend)}C${p({ x: middle, y: bend.y })} ${p({ x: middle, y: unbend.y })} ${p(unbend)}L${p(end)}`;
}

const BOW = 40;

function edgeLabel({ label, curves, arrivesLeft }: PlacedEdge): string {
  const { end } = curves[curves.length - 1];
  const x = arrivesLeft ? end.x - ARROW : end.x + ARROW;
  return label
    .map((line, index) => {
      const y = end.y - 4 - (label.length - 1 - index) * LABEL_HEIGHT;
      return `<text class="label" x="${n(x)}" y="${n(y)}" text-anchor="${arrivesLeft ? 'end' : 'start'}">${escaped(line)}</text>`;
    })
    .join('\n');
}

/** What the lines mean, as far as there are such lines. */
function legendOf({ edges }: Graph): readonly string[] {
  const kinds = new Set(edges.map(({ kind }) => kind));
  return Object.values(EdgeKind).flatMap((kind) => (kinds.has(kind) ? [EDGE_MEANINGS[kind]] : []));
}

function legendText({ edges }: Graph, text: string, index: number, y: number): string {
  const kinds = new Set(edges.map(({ kind }) => kind));
  const kind = Object.values(EdgeKind).filter((each) => kinds.has(each))[index];
  const point = POINTS[kind] === '' ? '' : ` marker-end="url(#${POINTS[kind]})"`;
  const line = `<path class="edge ${kind}" d="M${MARGIN} ${n(y - 4)}H${MARGIN + LEGEND_LINE}"${point}/>`;
  return `${line}\n<text class="note" x="${MARGIN + LEGEND_INDENT}" y="${n(y)}">${escaped(text)}</text>`;
}

function noteText(line: string, y: number): string {
  return `<text class="note" x="${MARGIN}" y="${n(y)}">${escaped(line)}</text>`;
}

/** The picture in words, for those who can't see it. */
function description({ nodes, edges, notes }: Graph): string {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const sentences = edges.flatMap((edge) => {
    const [from, to] = [byId.get(edge.from), byId.get(edge.to)];
    if (!from || !to) return [];
    const label = edgeLines(edge).join('; ');
    return [`${nameOf(from)} to ${nameOf(to)}: ${label === '' ? EDGE_MEANINGS[edge.kind] : label}.`];
  });
  const open = nodes.flatMap((node) => node.open.map((line) => `${nameOf(node)} is open: ${line}.`));
  return [...sentences, ...open, ...notes.map((note) => `${note}.`)].join(' ');
}

function nameOf({ name, namespace }: GraphNode): string {
  return namespace ? `${namespace}/${name}` : name;
}

function p({ x, y }: { readonly x: number; readonly y: number }): string {
  return `${n(x)} ${n(y)}`;
}

/** At most two decimals, without an exponent. */
function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escaped(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
