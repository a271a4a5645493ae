import { ServiceProtocol } from '../../../lib/mesh/service-protocol';
import type { InboundSpec } from '../../../lib/standalone/envoy/spec';
import { parseMachineFile } from '../../../lib/standalone/file/machine-file';

const LEAST = `name: billing
namespace: billing
gateways: []
services: []
inbound:
  exposure: { direct: true }
  callers: [{ serviceAccount: { namespace: shop, name: checkout } }]
  ports:
    - listenPort: 8443
      protocol: HTTP1
      applicationPort: 8080
`;

const inboundOf = (text: string) => parseMachineFile('m.yaml', text).spec?.inbound;
const problemsOf = (text: string) => parseMachineFile('m.yaml', text).problems;
/** The first line of each problem. */
const headsOf = (text: string) => problemsOf(text).map((problem) => problem.split('\n', 1)[0]);

test('the least that a machine must say of its callers gives the defaults of InboundCalls', () => {
  expect(problemsOf(LEAST)).toStrictEqual([]);
  expect(inboundOf(LEAST)).toStrictEqual({
    listenAddress: '0.0.0.0',
    ports: [
      {
        listenPort: 8443,
        application: { address: '127.0.0.1', port: 8080 },
        protocol: ServiceProtocol.HTTP1,
        callers: [{ exact: 'spiffe://cluster.local/ns/shop/sa/checkout' }],
        connectTimeoutSeconds: 2,
        timeoutSeconds: 0,
        idleTimeoutSeconds: 3600,
        limits: { maxConnections: 1024, maxPendingRequests: 1024, maxRequests: 1024 },
        healthCheck: undefined,
      },
    ],
    httpsLoadBalancer: undefined,
    health: undefined,
  } satisfies InboundSpec);
});

test('every field gets where it belongs', () => {
  const text = `name: billing
namespace: billing
mesh: { trustDomain: acme.example }
gateways: []
services: []
inbound:
  exposure: { loadBalancer: true }
  callers: [{ authenticated: true }]
  listenAddress: 10.0.0.9
  ports:
    - listenPort: 8443
      protocol: GRPC
      applicationPort: 9000
      applicationAddress: 127.0.0.2
      callers:
        - serviceAccount: { namespace: shop, name: checkout }
        - namespace: ops
      connectTimeoutSeconds: 1
      timeoutSeconds: 20
      idleTimeoutSeconds: 300
      limits: { maxConnections: 1, maxRequests: 2, maxPendingRequests: 3 }
      healthCheck: { grpc: { service: billing.v1.Billing } }
    - { listenPort: 5432, protocol: TCP, applicationPort: 15432 }
  health: { port: 8444, path: /ready }
`;
  expect(problemsOf(text)).toStrictEqual([]);
  const inbound = inboundOf(text);
  expect(inbound).toMatchObject({ listenAddress: '10.0.0.9', health: { port: 8444, path: '/ready' } });
  expect(inbound?.ports).toStrictEqual([
    {
      listenPort: 8443,
      application: { address: '127.0.0.2', port: 9000 },
      protocol: ServiceProtocol.GRPC,
      callers: [{ exact: 'spiffe://acme.example/ns/shop/sa/checkout' }, { pattern: 'spiffe://[^/]+/ns/ops/sa/[^/]+' }],
      connectTimeoutSeconds: 1,
      timeoutSeconds: 20,
      idleTimeoutSeconds: 300,
      limits: { maxConnections: 1, maxRequests: 2, maxPendingRequests: 3 },
      healthCheck: {
        kind: 'grpc',
        path: undefined,
        service: 'billing.v1.Billing',
        intervalSeconds: 10,
        timeoutSeconds: 2,
        unhealthyThreshold: 3,
        healthyThreshold: 1,
      },
    },
    {
      listenPort: 5432,
      application: { address: '127.0.0.1', port: 15432 },
      protocol: ServiceProtocol.TCP,
      callers: [{ pattern: 'spiffe://.+' }],
      connectTimeoutSeconds: 2,
      timeoutSeconds: 0,
      idleTimeoutSeconds: 3600,
      limits: { maxConnections: 1024, maxPendingRequests: 1024, maxRequests: 1024 },
      healthCheck: undefined,
    },
  ]);
});

test('a load balancer that ends TLS, with several ports', () => {
  const text = LEAST.replace(/ {2}callers: .*\n/, '')
    .replace('{ direct: true }', '{ httpsLoadBalancer: { sourceRanges: [10.1.0.0/16], tlsToMachine: false } }')
    .concat('    - { listenPort: 9443, protocol: HTTP2, applicationPort: 9080 }\n');
  expect(problemsOf(text)).toStrictEqual([]);
  expect(inboundOf(text)?.httpsLoadBalancer).toStrictEqual({ cidrs: ['10.1.0.0/16'], tls: false, tokens: undefined });
});

test('what only the mesh needs is refused, and said where it belongs', () => {
  const text = LEAST.replace('inbound:\n', 'inbound:\n  host: billing.example.com\n  exportTo: ["*"]\n  traffic: {}\n')
    .replace('- listenPort', '- port: 443\n      listenPort')
    .replace('{ direct: true }', '{ httpsLoadBalancer: { sourceRanges: [10.1.0.0/16], dnsName: alb.example.com } }');
  expect(headsOf(text)).toStrictEqual([
    'm.yaml:6:3: inbound.host: "billing.example.com" is not allowed [machine-file/mesh-side]',
    'm.yaml:7:3: inbound.exportTo: ["*"] is not allowed [machine-file/mesh-side]',
    'm.yaml:8:3: inbound.traffic: {} is not allowed [machine-file/mesh-side]',
    'm.yaml:9:65: inbound.exposure.httpsLoadBalancer.dnsName: "alb.example.com" is not allowed [machine-file/mesh-side]',
    'm.yaml:12:7: inbound.ports[0].port: 443 is not allowed [machine-file/mesh-side]',
  ]);
  expect(problemsOf(text)[0].split('\n').slice(1)).toStrictEqual([
    '  allowed: what the machine itself needs',
    '  fix: remove it: it belongs into the ServiceEntry and the DestinationRule of the machine, which a program with a StandaloneEnvoy makes, or you',
  ]);
});

test('everything whose shape is wrong comes at once, in the order of the file', () => {
  expect(
    headsOf(`name: billing
namespace: billing
gateways: []
services: []
inbound:
  exposure: { direct: true, loadBalancer: true }
  callers:
    - addresses: 10.0.0.0/8
    - serviceAccount: { namespace: shop }
  listnAddress: eth0
  ports:
    - listenPort: 8443
      protocol: TCP
      limits: { maxConnections: 0, maxRetries: 1 }
`),
  ).toStrictEqual([
    'm.yaml:6:3: inbound.exposure: {"direct":true,"loadBalancer":true} is not allowed [shape/choice]',
    'm.yaml:8:7: inbound.callers[0].addresses: "10.0.0.0/8" is not allowed [shape/unknown-property]',
    'm.yaml:9:7: inbound.callers[1].serviceAccount.name: missing [shape/missing]',
    'm.yaml:10:3: inbound.listnAddress: "eth0" is not allowed [shape/unknown-property]',
    'm.yaml:12:7: inbound.ports[0].applicationPort: missing [shape/missing]',
    'm.yaml:14:36: inbound.ports[0].limits.maxRetries: 1 is not allowed [shape/unknown-property]',
  ]);
});

test('everything else that is wrong comes at once, in the order of the file', () => {
  expect(
    headsOf(`name: billing
namespace: billing
gateways: []
services: []
inbound:
  exposure: { direct: true }
  callers:
    - serviceAccount: { namespace: Shop, name: checkout }
  listenAddress: eth0
  ports:
    - listenPort: 8443
      protocol: HTTP1
      applicationPort: 8443
      applicationAddress: 10.0.0.1
      healthCheck: { http: { path: healthz, timeoutSeconds: -1 } }
    - listenPort: 8443
      protocol: TCP
      applicationPort: 5432
      timeoutSeconds: 5
      limits: { maxConnections: 0 }
      callers: []
  health: { port: 8443, path: ready }
`),
  ).toStrictEqual([
    'm.yaml:8:25: inbound.callers[0].serviceAccount.namespace: "Shop" is not allowed [authorization/caller-namespace]',
    'm.yaml:9:3: inbound.listenAddress: "eth0" is not allowed [address/ip-required]',
    'm.yaml:14:7: inbound.ports[0].applicationAddress: "10.0.0.1" is not allowed [standalone/inbound-application-address]',
    'm.yaml:15:30: inbound.ports[0].healthCheck.http.path: "healthz" is not allowed [standalone/health-path]',
    'm.yaml:15:45: inbound.ports[0].healthCheck.http.timeoutSeconds: -1 is not allowed [duration/seconds]',
    'm.yaml:16:7: inbound.ports[1].listenPort: 8443 is not allowed [standalone/port-taken]',
    'm.yaml:19:7: inbound.ports[1].timeoutSeconds: 5 is not allowed [standalone/inbound-timeout-of-tcp]',
    'm.yaml:20:17: inbound.ports[1].limits.maxConnections: 0 is not allowed [traffic/zero-is-no-limit]',
    'm.yaml:21:7: inbound.ports[1].callers: [] is not allowed [standalone/inbound-without-callers]',
    'm.yaml:22:13: inbound.health.port: 8443 is not allowed [standalone/port-taken]',
    'm.yaml:22:25: inbound.health.path: "ready" is not allowed [standalone/health-path]',
  ]);
});

test.each([
  ['exposure: {}', 'm.yaml:6:3: inbound.exposure: {} is not allowed [shape/choice]'],
  ['exposure: direct', 'm.yaml:6:3: inbound.exposure: "direct" is not allowed [shape/type]'],
  [
    'exposure: { direct: { addresses: [10.0.0.1] } }',
    'm.yaml:6:15: inbound.exposure.direct: {"addresses":["10.0.0.1"]} is not allowed [shape/type]',
  ],
  ['', 'm.yaml:5:1: inbound.exposure: missing [shape/missing]'],
])('%j says not how callers come', (exposure, head) => {
  expect(headsOf(LEAST.replace('exposure: { direct: true }', exposure))).toStrictEqual([head]);
});

test('ports must be named', () => {
  expect(headsOf(`${LEAST.slice(0, LEAST.indexOf('  ports:'))}  ports: []\n`)).toStrictEqual([
    'm.yaml:8:3: inbound.ports: [] is not allowed [standalone/inbound-without-ports]',
  ]);
});

test('what is wrong with a load balancer that ends TLS stands at its fields', () => {
  const exposure =
    '{ httpsLoadBalancer: { sourceRanges: [10.1.0.0/33], tokens: { issuer: "", audiences: [], jwks: "{}" } } }';
  expect(headsOf(LEAST.replace('{ direct: true }', exposure).replace(/ {2}callers: .*\n/, ''))).toStrictEqual(
    [
      '51: sourceRanges[0]: "10.1.0.0/33" is not allowed [address/cidr]',
      '75: tokens.issuer: "" is not allowed [property/required]',
      '87: tokens.audiences: [] is not allowed [standalone/inbound-tokens-without-audience]',
      '102: tokens.jwks.keys: missing [request-authentication/jwks-key]',
    ].map((problem) => `m.yaml:6:${problem.replace(' ', ' inbound.exposure.httpsLoadBalancer.')}`),
  );
});

test('callers that no certificate shows', () => {
  const text = LEAST.replace('{ direct: true }', '{ httpsLoadBalancer: { sourceRanges: [10.1.0.0/16] } }');
  expect(problemsOf(text)).toStrictEqual([
    `m.yaml:7:3: inbound.callers: 1 is not allowed [standalone/inbound-callers-not-seen]
  allowed: no callers behind an httpsLoadBalancer
  fix: remove them and rely on sourceRanges and tokens, or use a load balancer that passes TCP on (loadBalancer)`,
  ]);
});
