import fc from 'fast-check';
import { buildGraph } from '../../lib/graph/build-graph';
import { EdgeKind, type Graph, NodeKind } from '../../lib/graph/graph';
import { edgeLines, mermaid } from '../../lib/graph/mermaid';
import { environments } from './environments';

const node = { namespace: undefined, lines: [], open: [] };

test('frames, shapes, arrows and notes', () => {
  const graph: Graph = {
    title: 'mesh acme',
    namespaces: [{ id: 'namespace_a', name: 'a' }],
    nodes: [
      { ...node, id: 'outside_x', kind: NodeKind.OUTSIDE, name: '10.0.0.0/8' },
      { ...node, id: 'gateway_g', kind: NodeKind.GATEWAY, name: 'g', namespace: 'a', lines: ['15012: istiod'] },
      { ...node, id: 'group_w', kind: NodeKind.GROUP, name: 'w', namespace: 'a', open: ['plain text'] },
    ],
    edges: [
      { kind: EdgeKind.REACHES, from: 'outside_x', to: 'gateway_g', labels: ['ports 15012'] },
      { kind: EdgeKind.DENIES, from: 'gateway_g', to: 'group_w', labels: ['GET', 'POST'] },
      { kind: EdgeKind.SELECTS, from: 'gateway_g', to: 'group_w', labels: [] },
    ],
    notes: ['Not drawn: 1 ConfigMap'],
  };
  expect(mermaid(graph)).toBe(`flowchart LR
  accTitle: mesh acme
  outside_x("outside<br/><b>10.0.0.0/8</b>")
  subgraph namespace_a["namespace a"]
    gateway_g{{"gateway<br/><b>g</b><br/>15012: istiod"}}
    group_w[["WorkloadGroup<br/><b>w</b><br/>OPEN: plain text"]]
  end
  notes["Not drawn: 1 ConfigMap"]
  outside_x -->|"ports 15012"| gateway_g
  gateway_g --x|"denied GET<br/>denied POST"| group_w
  gateway_g -.-> group_w
  classDef open stroke:#d9480f,stroke-width:3px
  class group_w open
`);
});

test('an empty picture', () => {
  expect(mermaid(buildGraph([]))).toBe('flowchart LR\n  accTitle: Environment\n');
});

test.each([
  ['x"]', 'x#34;#93;'],
  ['<script>', '#60;script#62;'],
  ['#35;', '#35;35#59;'],
  ['%%{init: {}}%%', '#37;#37;#123;init: #123;#125;#125;#37;#37;'],
  ['90%', '90%'],
  ['a|`b`', 'a#124;#96;b#96;'],
  ['a\nb', 'a#92;u#123;a#125;b'],
  ['\u202e', '#92;u#123;202e#125;'],
  ['ü漢', 'ü漢'],
])('the name %j can not break out of its label', (name, expected) => {
  const graph: Graph = {
    title: 't',
    namespaces: [],
    edges: [],
    notes: [],
    nodes: [{ ...node, id: 'n', kind: NodeKind.MACHINE, name }],
  };
  expect(mermaid(graph).split('\n')[2]).toBe(`  n["WorkloadEntry<br/><b>${expected}</b>"]`);
});

test('an edge says its kind before its own words, or alone', () => {
  const edge = { from: 'a', to: 'b', labels: [] };
  expect(edgeLines({ ...edge, kind: EdgeKind.CALLS })).toStrictEqual(['calls']);
  expect(edgeLines({ ...edge, kind: EdgeKind.NETWORK })).toStrictEqual([]);
  expect(edgeLines({ ...edge, kind: EdgeKind.ALLOWS, labels: ['GET'] })).toStrictEqual(['may call GET']);
});

/** A label as it is written: no character with a meaning to Mermaid, but references, line breaks and bold names. */
const LABEL = '"(?:<br/>|</?b>|#\\d+;|[^"<>#|`{}\\[\\];\\\\\\p{C}])*"';
const LINES: readonly RegExp[] = [
  new RegExp(
    `^ {2,4}([A-Za-z0-9_]+)(?:\\(${LABEL}\\)|\\{\\{${LABEL}\\}\\}|\\(\\[${LABEL}\\]\\)|\\[\\[${LABEL}\\]\\]|\\[${LABEL}\\]|\\[/${LABEL}/\\]|\\[\\(${LABEL}\\)\\])$`,
    'u',
  ),
  new RegExp(`^ {2}subgraph ([A-Za-z0-9_]+)\\[${LABEL}\\]$`, 'u'),
  new RegExp(`^ {2}([A-Za-z0-9_]+) (?:-->|-\\.->|==>|--x|-\\.-)(?:\\|${LABEL}\\|)? ([A-Za-z0-9_]+)$`, 'u'),
  /^ {2}end$/,
  /^ {2}class(?:Def open stroke:#d9480f,stroke-width:3px| [A-Za-z0-9_,]+ open)$/,
];

test('any objects give lines of the grammar, with ends that are declared', () => {
  fc.assert(
    fc.property(environments(), (objects) => {
      const [head, title, ...lines] = mermaid(buildGraph(objects)).trimEnd().split('\n');
      expect([head, title]).toStrictEqual(['flowchart LR', '  accTitle: Environment']);
      const declared = new Set(lines.flatMap((line) => LINES[0].exec(line)?.[1] ?? []));
      for (const line of lines) {
        expect([line, LINES.some((pattern) => pattern.test(line))]).toStrictEqual([line, true]);
        const [, from, to] = LINES[2].exec(line) ?? [];
        if (from !== undefined) expect([declared.has(from), declared.has(to)]).toStrictEqual([true, true]);
      }
      expect(lines.filter((line) => line.startsWith('  subgraph')).length).toBe(
        lines.filter((line) => line === '  end').length,
      );
    }),
    { numRuns: 60 },
  );
});
