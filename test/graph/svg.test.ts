import fc from 'fast-check';
import { buildGraph } from '../../lib/graph/build-graph';
import { EdgeKind, type Graph, NodeKind } from '../../lib/graph/graph';
import { svg } from '../../lib/graph/svg';
import { visible } from '../../lib/graph/text';
import { environments } from './environments';
import { elementsOf, parseXml, type XmlElement } from './xml';

const node = { namespace: undefined, lines: [], open: [] };

test('a picture is light or dark as its reader is, and can be read aloud', () => {
  const graph: Graph = {
    title: 'mesh acme',
    namespaces: [{ id: 'namespace_a', name: 'a' }],
    nodes: [
      { ...node, id: 'c', kind: NodeKind.CALLER, name: 'everybody' },
      { ...node, id: 'w', kind: NodeKind.GROUP, name: 'w', namespace: 'a', open: ['plain text'] },
    ],
    edges: [{ kind: EdgeKind.ALLOWS, from: 'c', to: 'w', labels: ['GET'] }],
    notes: ['Not drawn: 1 ConfigMap'],
  };
  const root = parseXml(svg(graph));
  expect([root.name, root.attributes.role, root.attributes['aria-labelledby']]).toStrictEqual([
    'svg',
    'img',
    'title description',
  ]);
  const [title, description, style] = root.children;
  expect([title.attributes.id, title.text]).toStrictEqual(['title', 'mesh acme']);
  expect([description.attributes.id, description.text]).toStrictEqual([
    'description',
    'everybody to a/w: may call GET. a/w is open: plain text. Not drawn: 1 ConfigMap.',
  ]);
  expect(style.text).toContain('@media(prefers-color-scheme:dark)');
  const texts = elementsOf(root)
    .filter(({ name }) => name === 'text')
    .map(({ attributes, text }) => [attributes.class, text]);
  expect(texts).toStrictEqual([
    ['title', 'mesh acme'],
    ['frametitle', 'namespace a'],
    ['kind', 'caller'],
    ['name', 'everybody'],
    ['kind', 'WorkloadGroup'],
    ['name', 'w'],
    ['open', 'OPEN: plain text'],
    ['label', 'may call GET'],
    ['note', 'may call'],
    ['note', 'Not drawn: 1 ConfigMap'],
  ]);
});

test.each(['x"]', '<script>alert(1)</script>', '&amp;', ']]>', '\u0000', '\ud800', '</svg>'])(
  'the name %j stays a name',
  (name) => {
    const graph: Graph = {
      title: name,
      namespaces: [],
      edges: [],
      notes: [],
      nodes: [{ ...node, id: 'n', kind: NodeKind.NETWORK, name }],
    };
    const elements = elementsOf(parseXml(svg(graph)));
    expect(elements.filter(({ attributes }) => attributes.class === 'name').map(({ text }) => text)).toStrictEqual([
      visible(name),
    ]);
    expect(elements.filter((element) => element.name === 'script')).toStrictEqual([]);
  },
);

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function boxOf({ attributes }: XmlElement): Box {
  const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => Number(attributes[name]));
  return { x, y, width, height };
}

const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const within = (a: Box, b: Box) =>
  a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;

test('any objects give a document whose boxes stand apart, in their frames, with all of their text', () => {
  fc.assert(
    fc.property(environments(), (objects) => {
      const graph = buildGraph(objects);
      const elements = elementsOf(parseXml(svg(graph)));
      const groups = elements.filter(({ attributes }) => attributes['data-id'] !== undefined);
      expect(groups.map(({ attributes }) => attributes['data-id'])).toStrictEqual(graph.nodes.map(({ id }) => id));
      const boxes = groups.map(({ children }) => boxOf(children[1]));
      const frames = elements.filter(({ attributes }) => attributes.class === 'frame').map(boxOf);
      const squeezed = (text: string) => text.replace(/\s/g, '');
      graph.nodes.forEach((each, index) => {
        const shown = groups[index].children
          .slice(2)
          .map(({ text }) => text)
          .join('');
        for (const text of [each.name, ...each.lines, ...each.open]) {
          expect(squeezed(shown)).toContain(squeezed(visible(text)));
        }
        const frame = graph.namespaces.findIndex(({ name }) => name === each.namespace);
        expect(frames.map((box) => overlap(boxes[index], box))).toStrictEqual(
          frames.map((_, other) => other === frame),
        );
        if (frame >= 0) expect(within(boxes[index], frames[frame])).toBe(true);
        expect(boxes.filter((box, other) => other !== index && overlap(box, boxes[index]))).toStrictEqual([]);
      });
      expect(
        elements.filter(({ attributes }) => attributes.class?.startsWith('edge') && attributes.d.includes('NaN')),
      ).toStrictEqual([]);
    }),
    { numRuns: 60 },
  );
}, 30_000);
