import { objectDifferences } from '../../lib/cluster/object-differences';

test('what the cluster has beside it is no difference', () => {
  const written = { metadata: { name: 'a', labels: {} }, spec: { ports: [{ port: 80 }], empty: null } };
  const found = {
    metadata: { name: 'a', uid: '1', labels: { x: 'y' } },
    spec: { ports: [{ port: 80, protocol: 'TCP' }] },
  };
  expect(objectDifferences(written, found)).toStrictEqual([]);
});

test('each difference is told by its path', () => {
  const written = {
    metadata: { labels: { 'app.kubernetes.io/name': 'a' } },
    spec: { ports: [{ port: 80 }, { port: 81 }], on: true, map: { a: 1 }, list: [1] },
    data: { text: 'x'.repeat(200) },
  };
  const found = {
    metadata: {},
    spec: { ports: [{ port: 80 }], on: false, map: [], list: {} },
    data: { text: 'y' },
  };
  expect(objectDifferences(written, found)).toStrictEqual([
    'metadata.labels is missing',
    'spec.ports has 1 elements instead of 2',
    'spec.on is false instead of true',
    'spec.map is [] instead of {"a":1}',
    'spec.list is {} instead of [1]',
    'data.text is another',
  ]);
  expect(objectDifferences({ labels: { 'a/b': '1' } }, { labels: { 'a/b': '2' } })).toStrictEqual([
    'labels["a/b"] is "2" instead of "1"',
  ]);
});

test.each([
  ['1000m', '1'],
  ['1024Mi', '1Gi'],
  [1, '1'],
])('the quantity %s is written %s by the API server', (written, found) => {
  expect(objectDifferences({ cpu: written }, { cpu: found })).toStrictEqual([]);
});

test.each([
  ['100m', '1'],
  ['1', '1x'],
])('%s is not %s', (written, found) => {
  expect(objectDifferences({ cpu: written }, { cpu: found })).toHaveLength(1);
});
