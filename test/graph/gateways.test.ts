import { buildGraph } from '../../lib/graph/build-graph';
import { EdgeKind, NodeKind } from '../../lib/graph/graph';
import { object } from './objects';

const labels = { istio: 'eastwestgateway' };
const tls = { name: 'tls-istiod', port: 15012, targetPort: 15012 };

function entrance(spec: Record<string, unknown>, metadata: Record<string, unknown> = {}) {
  return object('Service', 'sys/gw', { selector: labels, ports: [tls], type: 'LoadBalancer', ...spec }, metadata);
}

const gateway = object('Gateway', 'sys/istiod', {
  selector: labels,
  servers: [{ hosts: ['./istiod'], port: { number: 15012, protocol: 'TLS' }, tls: { mode: 'PASSTHROUGH' } }],
});
const pods = object('Deployment', 'sys/gw', { template: { metadata: { labels }, spec: {} } });

test('a Service, its pods and the Gateways on them are one box, with the network that it is the gateway of', () => {
  const ports = [{ port: 15021 }, tls, { port: 15443 }];
  const { nodes, edges } = buildGraph([
    entrance(
      { ports },
      {
        labels: { 'topology.istio.io/network': 'vpc' },
        annotations: { 'networking.gke.io/load-balancer-type': 'Internal' },
      },
    ),
    gateway,
    pods,
  ]);
  expect(nodes.map(({ kind, name, lines, open }) => [kind, name, lines, open])).toStrictEqual([
    [
      NodeKind.GATEWAY,
      'gw',
      [
        '15021: health of the gateway',
        '15012: istiod: TLS PASSTHROUGH ./istiod',
        '15443: services of the mesh: no Gateway here opens it',
      ],
      [],
    ],
    [NodeKind.NETWORK, 'vpc', [], []],
    [NodeKind.OUTSIDE, 'whoever reaches the internal load balancer', [], []],
  ]);
  expect(edges.map(({ kind, labels: text }) => [kind, text])).toStrictEqual([
    [EdgeKind.NETWORK, ['gateway of']],
    [EdgeKind.REACHES, ['ports 15021, 15012, 15443']],
  ]);
});

describe('who reaches the load balancer', () => {
  test.each([
    ['every address', {}, {}, ['load balancer open to every address']],
    ['10.0.0.0/8', { loadBalancerSourceRanges: ['10.0.0.0/8'] }, {}, []],
    ['0.0.0.0/0', { loadBalancerSourceRanges: ['0.0.0.0/0'] }, {}, ['load balancer open to every address']],
    ['whoever reaches a node', { type: 'NodePort' }, {}, []],
    [
      'whoever reaches the internal load balancer',
      {},
      { annotations: { 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal' } },
      [],
    ],
  ])('%s', (name, spec, metadata, open) => {
    const { nodes } = buildGraph([entrance(spec, metadata), gateway]);
    expect(nodes.map((node) => [node.kind, node.name, node.kind === NodeKind.GATEWAY ? node.open : []])).toStrictEqual([
      [NodeKind.GATEWAY, 'gw', open],
      [NodeKind.OUTSIDE, name, []],
    ]);
  });

  test('nobody, without a load balancer', () => {
    expect(buildGraph([entrance({ type: 'ClusterIP' }), gateway]).edges).toStrictEqual([]);
  });
});

test('a port without TLS is open, unless it sends callers to HTTPS', () => {
  const servers = [
    { hosts: ['a'], port: { number: 80, protocol: 'HTTP' } },
    { hosts: ['b'], port: { number: 80, protocol: 'HTTP' }, tls: { httpsRedirect: true } },
  ];
  const { nodes } = buildGraph([object('Gateway', 'sys/web', { selector: { istio: 'ingress' }, servers })]);
  expect(nodes).toMatchObject([
    {
      kind: NodeKind.GATEWAY,
      lines: ['on pods with istio=ingress: not among these objects', '80: HTTP redirects to HTTPS b'],
      open: ['80: HTTP a: plain text'],
    },
  ]);
});

test("a Gateway of the Gateway API opens the Service that it names, and its routes' shares are in percent", () => {
  const api = 'gateway.networking.k8s.io/v1';
  const graph = buildGraph([
    entrance({ type: 'ClusterIP' }),
    {
      ...object('Gateway', 'sys/api', {
        addresses: [{ type: 'Hostname', value: 'gw' }],
        listeners: [{ port: 15012, protocol: 'TLS', tls: { mode: 'Passthrough' } }],
      }),
      apiVersion: api,
    },
    {
      ...object('HTTPRoute', 'sys/r', {
        parentRefs: [{ name: 'api' }, { name: 'absent' }],
        rules: [{ backendRefs: [{ name: 'a', weight: 2 }, { name: 'b' }] }],
      }),
      apiVersion: api,
    },
  ]);
  expect(graph.nodes[0]).toMatchObject({ name: 'gw', lines: ['15012: istiod: TLS Passthrough'] });
  expect(graph.edges.map(({ from, to, labels: text }) => [from, to, text])).toStrictEqual([
    ['gateway_sys_gw', 'service_sys_a', ['66.7%']],
    ['gateway_sys_gw', 'service_sys_b', ['33.3%']],
  ]);
  expect(graph.notes).toStrictEqual(['HTTPRoute sys/r hangs on Gateway sys/absent, which is not among these objects']);
});
