import { EdgeKind, type Graph, type GraphEdge, type GraphNode, NodeKind, namespaceTitle } from './graph';
import { visible } from './text';

/** The picture as a flowchart of Mermaid. */
export function mermaid(graph: Graph): string {
  const frameless = graph.nodes.filter(({ namespace }) => namespace === undefined);
  const lines = [
    'flowchart LR',
    `  accTitle: ${escaped(graph.title)}`,
    ...frameless.map((node) => `  ${nodeText(node)}`),
    ...graph.namespaces.flatMap((namespace) => [
      `  subgraph ${namespace.id}["${escaped(namespaceTitle(namespace))}"]`,
      ...graph.nodes.filter((node) => node.namespace === namespace.name).map((node) => `    ${nodeText(node)}`),
      '  end',
    ]),
    ...(graph.notes.length > 0 ? [`  notes["${graph.notes.map(escaped).join('<br/>')}"]`] : []),
    ...graph.edges.map((edge) => `  ${edgeText(edge)}`),
    ...classLines(graph),
  ];
  return `${lines.join('\n')}\n`;
}

/** Brackets of a shape: what kind a node is can be seen without its text. */
const SHAPES: Readonly<Record<NodeKind, readonly [string, string]>> = {
  [NodeKind.OUTSIDE]: ['(', ')'],
  [NodeKind.CALLER]: ['(', ')'],
  [NodeKind.GATEWAY]: ['{{', '}}'],
  [NodeKind.SERVICE]: ['([', '])'],
  [NodeKind.ENTRY]: ['([', '])'],
  [NodeKind.GROUP]: ['[[', ']]'],
  [NodeKind.MACHINE]: ['[', ']'],
  [NodeKind.PODS]: ['[', ']'],
  [NodeKind.EXTERNAL]: ['[/', '/]'],
  [NodeKind.NETWORK]: ['[(', ')]'],
};

/** What a box is, in the words of Kubernetes and Istio. */
export const KIND_TITLES: Readonly<Record<NodeKind, string>> = {
  [NodeKind.OUTSIDE]: 'outside',
  [NodeKind.CALLER]: 'caller',
  [NodeKind.GATEWAY]: 'gateway',
  [NodeKind.SERVICE]: 'Service',
  [NodeKind.ENTRY]: 'ServiceEntry',
  [NodeKind.GROUP]: 'WorkloadGroup',
  [NodeKind.MACHINE]: 'WorkloadEntry',
  [NodeKind.PODS]: 'pods',
  [NodeKind.EXTERNAL]: 'outside of the mesh',
  [NodeKind.NETWORK]: 'network',
};

const ARROWS: Readonly<Record<EdgeKind, string>> = {
  [EdgeKind.REACHES]: '-->',
  [EdgeKind.SELECTS]: '-.->',
  [EdgeKind.ROUTES]: '==>',
  [EdgeKind.MIRRORS]: '-.->',
  [EdgeKind.ALLOWS]: '-->',
  [EdgeKind.DENIES]: '--x',
  [EdgeKind.WATCHES]: '-.->',
  [EdgeKind.CALLS]: '-->',
  [EdgeKind.NETWORK]: '-.-',
};

/** What an edge says before its own words; without any, its kind says it. */
export function edgeLines({ kind, labels }: GraphEdge): readonly string[] {
  const word = EDGE_WORDS[kind];
  if (labels.length === 0) return word === '' ? [] : [word];
  return labels.map((label) => (word === '' ? label : `${word} ${label}`));
}

const EDGE_WORDS: Readonly<Record<EdgeKind, string>> = {
  [EdgeKind.REACHES]: '',
  [EdgeKind.SELECTS]: '',
  [EdgeKind.ROUTES]: '',
  [EdgeKind.MIRRORS]: '',
  [EdgeKind.ALLOWS]: 'may call',
  [EdgeKind.DENIES]: 'denied',
  [EdgeKind.WATCHES]: '',
  [EdgeKind.CALLS]: 'calls',
  [EdgeKind.NETWORK]: '',
};

function nodeText({ id, kind, name, lines, open }: GraphNode): string {
  const [start, end] = SHAPES[kind];
  const text = [
    `${KIND_TITLES[kind]}<br/><b>${escaped(name)}</b>`,
    ...lines.map(escaped),
    ...open.map((line) => `OPEN: ${escaped(line)}`),
  ];
  return `${id}${start}"${text.join('<br/>')}"${end}`;
}

function edgeText(edge: GraphEdge): string {
  const label = edgeLines(edge).map(escaped).join('<br/>');
  return `${edge.from} ${ARROWS[edge.kind]}${label === '' ? '' : `|"${label}"|`} ${edge.to}`;
}

/** A stroke alone, so that text keeps the colours of the reader's theme. */
function classLines({ nodes }: Graph): readonly string[] {
  const open = nodes.filter((node) => node.open.length > 0).map(({ id }) => id);
  return open.length > 0 ? ['  classDef open stroke:#d9480f,stroke-width:3px', `  class ${open.join(',')} open`] : [];
}

/** Text that Mermaid shows as it is: everything with a meaning to Mermaid, Markdown or HTML stands there by its number. */
function escaped(text: string): string {
  return visible(text).replace(/[^\p{L}\p{M}\p{N} ./:,=+()%_-]|%(?=%)|(?<=%)%/gu, (character) => {
    return `#${character.codePointAt(0)};`;
  });
}
