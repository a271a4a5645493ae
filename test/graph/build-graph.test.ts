import fc from 'fast-check';
import { buildGraph } from '../../lib/graph/build-graph';
import { EdgeKind, NodeKind } from '../../lib/graph/graph';
import { environments } from './environments';
import { group, object, service } from './objects';

const OPEN = ["plain text too: mTLS PERMISSIVE, Istio's default", 'every caller may call: no policy allows only some'];

test('a Service, its group, a machine without a sidecar and their network', () => {
  const labels = { app: 'pay', version: 'v1' };
  const graph = buildGraph([
    service('shop/pay'),
    object('WorkloadGroup', 'shop/pay', {
      metadata: { labels },
      template: { ports: { http: 8080 }, serviceAccount: 'pay', network: 'vpc' },
    }),
    object('WorkloadEntry', 'shop/old', {
      address: '10.0.0.7',
      labels: { ...labels, 'security.istio.io/tlsMode': 'disabled' },
    }),
  ]);
  expect(graph).toStrictEqual({
    title: 'Environment',
    namespaces: [{ id: 'namespace_shop', name: 'shop' }],
    nodes: [
      {
        id: 'group_shop_pay',
        kind: NodeKind.GROUP,
        name: 'pay',
        namespace: 'shop',
        lines: ['version v1', 'ports http 8080', 'ServiceAccount pay'],
        open: OPEN,
      },
      { id: 'network_vpc', kind: NodeKind.NETWORK, name: 'vpc', namespace: undefined, lines: [], open: [] },
      {
        id: 'machine_shop_old',
        kind: NodeKind.MACHINE,
        name: 'old',
        namespace: 'shop',
        lines: ['10.0.0.7', 'version v1'],
        open: ['no sidecar: whoever reaches it may call, in plain text (tlsMode disabled)'],
      },
      { id: 'service_shop_pay', kind: NodeKind.SERVICE, name: 'pay', namespace: 'shop', lines: ['http 80'], open: [] },
    ],
    edges: [
      { kind: EdgeKind.NETWORK, from: 'group_shop_pay', to: 'network_vpc', labels: [] },
      { kind: EdgeKind.SELECTS, from: 'service_shop_pay', to: 'group_shop_pay', labels: [] },
      { kind: EdgeKind.SELECTS, from: 'service_shop_pay', to: 'machine_shop_old', labels: [] },
    ],
    notes: [],
  });
});

test('a Service selects nothing in another namespace, and nothing without a selector', () => {
  const { edges } = buildGraph([group('a/x'), service('b/x'), service('a/y', { selector: undefined })]);
  expect(edges).toStrictEqual([]);
});

test('machines that registered are counted at their group', () => {
  const registered = { annotations: { 'istio.io/autoRegistrationGroup': 'pay' } };
  const { nodes } = buildGraph([
    group('shop/pay'),
    object('WorkloadEntry', 'shop/pay-10.0.0.1', { address: '10.0.0.1' }, registered),
    object('WorkloadEntry', 'shop/pay-10.0.0.2', { address: '10.0.0.2' }, registered),
  ]);
  expect(nodes.map(({ name, lines }) => [name, lines])).toStrictEqual([
    ['pay', ['ServiceAccount pay', '2 machines are registered']],
  ]);
});

test.each([
  [
    'a label of the pod',
    [],
    { labels: { 'sidecar.istio.io/inject': 'false' } },
    ['Deployment', 'ServiceAccount default'],
    1,
  ],
  ['its Namespace', [object('Namespace', 'shop')], {}, ['Deployment', 'ServiceAccount default'], 1],
  [
    'nothing',
    [],
    {},
    ['Deployment', 'ServiceAccount default', 'sidecar not known: its Namespace is not among the objects'],
    2,
  ],
])('whether pods have a sidecar is told by %s', (_, others, metadata, lines, open) => {
  const { nodes } = buildGraph([...others, object('Deployment', 'shop/web', { template: { metadata, spec: {} } })]);
  expect(nodes.map((node) => [node.lines, node.open.length])).toStrictEqual([[lines, open]]);
});

test('ServiceEntries in and outside of the mesh', () => {
  const { nodes, edges } = buildGraph([
    group('shop/pay'),
    object('ServiceEntry', 'shop/in', {
      hosts: ['pay.example'],
      location: 'MESH_INTERNAL',
      ports: [{ number: 80, protocol: 'HTTP', targetPort: 8080 }],
      workloadSelector: { labels: { app: 'pay' } },
    }),
    object('ServiceEntry', 'shop/out', { hosts: ['db.example'], endpoints: [{ address: '10.0.9.5', network: 'dc' }] }),
  ]);
  expect(nodes.slice(1).map(({ kind, name, lines }) => [kind, name, lines])).toStrictEqual([
    [NodeKind.ENTRY, 'in', ['pay.example', 'HTTP 80 to 8080']],
    [NodeKind.EXTERNAL, 'out', ['db.example', 'endpoint 10.0.9.5']],
    [NodeKind.NETWORK, 'dc', []],
  ]);
  expect(edges.map(({ kind, from, to }) => [kind, from, to])).toStrictEqual([
    [EdgeKind.NETWORK, 'external_shop_out', 'network_dc'],
    [EdgeKind.SELECTS, 'entry_shop_in', 'group_shop_pay'],
  ]);
});

test("a Sidecar's hosts are drawn, and what stands for several is written on the workload", () => {
  const { nodes, edges } = buildGraph([
    group('shop/pay'),
    service('shop/web'),
    object('Sidecar', 'shop/pay', {
      workloadSelector: { labels: { app: 'pay' } },
      egress: [{ hosts: ['./web.shop.svc.cluster.local', 'istio-system/*'] }],
      outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
    }),
    object('Sidecar', 'other/none', { egress: [{ hosts: ['*/*'] }] }),
  ]);
  expect(edges).toStrictEqual([{ kind: EdgeKind.CALLS, from: 'group_shop_pay', to: 'service_shop_web', labels: [] }]);
  expect(nodes[0].lines).toStrictEqual([
    'ServiceAccount pay',
    'may call istio-system/*',
    'may call no other host (REGISTRY_ONLY)',
  ]);
});

describe('what is not in the picture', () => {
  test('kinds are counted and named, and another group is another kind', () => {
    const { notes } = buildGraph([
      object('ServiceAccount', 'a/x'),
      object('ServiceAccount', 'a/y'),
      { apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: 'z' } },
      7,
    ]);
    expect(notes).toStrictEqual([
      'Not drawn: 1 object without a kind, 2 ServiceAccount, 1 Service (serving.knative.dev)',
    ]);
  });

  test('fields of another type than they have in Kubernetes are named', () => {
    const { notes } = buildGraph([
      object('Service', 'a/x', { ports: 'http', selector: { app: ['x'] } }),
      object('WorkloadGroup', 'a/y', 'nonsense'),
    ]);
    expect(notes).toStrictEqual([
      'Service a/x.spec.ports must be a list, each item a map: not drawn',
      'Service a/x.spec.selector.app must be text or a number: not drawn',
      'WorkloadGroup a/y.spec must be a map: not drawn',
    ]);
  });

  test('an object that is there twice', () => {
    expect(buildGraph([group('a/x'), group('a/x')]).notes).toStrictEqual(['WorkloadGroup a/x is there more than once']);
  });
});

test('mesh and cluster are the title, and a namespace for what names none', () => {
  const operator = {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { name: 'istio' },
    spec: { values: { global: { meshID: 'acme', multiCluster: { clusterName: 'eu' } } } },
  };
  const unplaced = object('Service', 'x', {});
  expect(buildGraph([operator, unplaced])).toMatchObject({
    title: 'mesh acme, cluster eu',
    namespaces: [{ name: '' }],
  });
  const given = buildGraph([operator, unplaced], { title: 'Mine', namespace: 'shop' });
  expect(given).toMatchObject({ title: 'Mine', namespaces: [{ name: 'shop' }] });
});

test('the order of objects makes no difference, and every edge has two ends', () => {
  fc.assert(
    fc.property(environments(), (objects) => {
      const graph = buildGraph(objects);
      const ids = [...graph.nodes, ...graph.namespaces].map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { from, to } of graph.edges)
        expect([ids.includes(from), ids.includes(to)]).toStrictEqual([true, true]);
      const names = objects.map(({ apiVersion, kind, metadata }) =>
        JSON.stringify([apiVersion, kind, metadata.namespace, metadata.name]),
      );
      if (new Set(names).size === names.length) expect(buildGraph([...objects].reverse())).toStrictEqual(graph);
    }),
    { numRuns: 60 },
  );
});
