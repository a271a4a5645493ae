import { buildGraph } from '../../lib/graph/build-graph';
import { EdgeKind } from '../../lib/graph/graph';
import { group, object, service, type TestObject } from './objects';

const machines = [
  object('WorkloadGroup', 'shop/v1', { metadata: { labels: { app: 'pay', version: 'v1' } }, template: {} }),
  object('WorkloadGroup', 'shop/v2', { metadata: { labels: { app: 'pay', version: 'v2' } }, template: {} }),
  service('shop/pay'),
];
const rule = object('DestinationRule', 'shop/pay', {
  host: 'pay',
  subsets: [
    { name: 'v1', labels: { version: 'v1' } },
    { name: 'v2', labels: { version: 'v2' } },
  ],
});

function routes(spec: Record<string, unknown>): TestObject {
  return object('VirtualService', 'shop/pay', { hosts: ['pay.shop.svc.cluster.local'], ...spec });
}

function edges(objects: readonly TestObject[]) {
  const graph = buildGraph(objects);
  return { notes: graph.notes, edges: graph.edges.map(({ kind, from, to, labels }) => [kind, from, to, labels]) };
}

const to = (subset: string, weight?: number) => ({ destination: { host: 'pay', subset }, weight });

test('a canary: the header goes to the new version, and the rest is shared by weight', () => {
  const match = [{ headers: { 'x-canary': { exact: 'true' } } }];
  const release = routes({ http: [{ match, route: [to('v2')] }, { route: [to('v1', 90), to('v2', 10)] }] });
  expect(edges([...machines, rule, release])).toStrictEqual({
    notes: [],
    edges: [
      [EdgeKind.ROUTES, 'service_shop_pay', 'group_shop_v2', ['header x-canary true: v2', 'v2 10%']],
      [EdgeKind.ROUTES, 'service_shop_pay', 'group_shop_v1', ['v1 90%']],
    ],
  });
});

test('copies of requests, and a share of nothing', () => {
  const mirrors = [{ destination: { host: 'pay', subset: 'v2' }, percentage: { value: 50 } }];
  const release = routes({ http: [{ route: [to('v1', 100), to('v2', 0)], mirrors }] });
  expect(edges([...machines, rule, release]).edges).toStrictEqual([
    [EdgeKind.ROUTES, 'service_shop_pay', 'group_shop_v1', ['v1 100%']],
    [EdgeKind.ROUTES, 'service_shop_pay', 'group_shop_v2', ['v2 0%']],
    [EdgeKind.MIRRORS, 'service_shop_pay', 'group_shop_v2', ['v2 copies of 50%']],
  ]);
});

test('another host is an edge between the two, and a gateway goes to the host', () => {
  const objects = [
    service('shop/pay'),
    service('shop/new'),
    routes({ gateways: ['mesh', 'web'], tcp: [{ route: [{ destination: { host: 'new' } }] }] }),
  ];
  expect(edges(objects).edges).toStrictEqual([
    [EdgeKind.ROUTES, 'service_shop_pay', 'service_shop_new', []],
    [EdgeKind.ROUTES, 'gateway_shop_web', 'service_shop_new', []],
  ]);
});

test('a route that says nothing new leaves what serves the host', () => {
  const objects = [
    group('shop/pay'),
    service('shop/pay'),
    routes({ http: [{ route: [{ destination: { host: 'pay' } }] }] }),
  ];
  expect(edges(objects)).toStrictEqual({
    notes: [],
    edges: [[EdgeKind.SELECTS, 'service_shop_pay', 'group_shop_pay', []]],
  });
});

test('what leads nowhere is said', () => {
  const lost = routes({ http: [{ route: [to('v3')] }, { redirect: { uri: '/' } }] });
  const foreign = object('DestinationRule', 'shop/other', { host: 'other.example' });
  expect(edges([...machines, rule, lost, foreign]).notes).toStrictEqual([
    'DestinationRule shop/other is for other.example, which is not drawn',
    'VirtualService shop/pay routes to subset v3, which no DestinationRule here has',
    'VirtualService shop/pay: redirect is not drawn',
    'VirtualService shop/pay: v3 reaches nothing drawn',
  ]);
});

test('a DestinationRule that turns TLS off is open', () => {
  const off = object('DestinationRule', 'shop/pay', { host: 'pay', trafficPolicy: { tls: { mode: 'DISABLE' } } });
  expect(buildGraph([service('shop/pay'), off]).nodes[0].open).toStrictEqual([
    'callers use plain text: TLS mode DISABLE',
  ]);
});
