import { Testing } from 'cdk8s';
import fc from 'fast-check';
import {
  Caller,
  type InboundCalls,
  InboundExposure,
  type InboundPort,
  MeshVmGroup,
  ServiceEntryProtocol,
  ServiceHealthCheck,
  ServiceProtocol,
  StandaloneEnvoy,
  type StandaloneEnvoyProps,
  TrafficPolicy,
  TrafficTarget,
  UpstreamTls,
  VmServiceEndpoints,
  VmServiceEntry,
} from 'meshvm';
import { parse } from 'yaml';
import { aChart, aMesh, groupProps, problemsOf } from '../fixtures';

const HTTP: InboundPort = { name: 'http', port: 8080, applicationPort: 3000, protocol: ServiceProtocol.HTTP1 };
const SHOP = Caller.serviceAccount('shop', 'checkout');
const HTTPS = InboundExposure.httpsLoadBalancer('alb.example.com', { sourceRanges: ['10.0.0.0/24'] });

function calls(fields: Partial<InboundCalls> = {}): InboundCalls {
  return {
    host: 'billing.example.com',
    exposure: InboundExposure.direct(['10.0.0.9']),
    callers: [SHOP],
    ports: [HTTP],
    ...fields,
  };
}

function anEnvoy(
  inbound: InboundCalls | undefined,
  fields: Partial<StandaloneEnvoyProps> = {},
  chart = aChart(),
): StandaloneEnvoy {
  return new StandaloneEnvoy(chart, 'billing', { mesh: aMesh(), gateways: [], services: [], inbound, ...fields });
}

function refusal(fields: Partial<InboundCalls>): readonly string[] {
  return problemsOf(() => anEnvoy(calls(fields)));
}

function refusalOf(port: Partial<InboundPort>, fields: Partial<InboundCalls> = {}): readonly string[] {
  return refusal({ ports: [{ ...HTTP, ...port }], ...fields });
}

interface Spec {
  readonly resolution: string;
  readonly location: string;
  readonly ports: readonly object[];
  readonly endpoints: readonly object[];
  readonly trafficPolicy: { readonly tls: object };
}

/** Specs of the ServiceEntry and the DestinationRule. */
function objectsOf(inbound: InboundCalls): readonly [Spec, Spec] {
  const chart = aChart();
  anEnvoy(inbound, {}, chart);
  const objects = Testing.synth(chart);
  const find = (wanted: string) => objects.find(({ kind }) => kind === wanted).spec as Spec;
  return [find('ServiceEntry'), find('DestinationRule')];
}

describe('what the mesh is told', () => {
  test('machines that mutual TLS reaches are a service of the mesh, with one identity', () => {
    const chart = aChart();
    anEnvoy(calls(), {}, chart);
    expect(Testing.synth(chart).filter(({ kind }) => /Entry|Rule/.test(kind))).toStrictEqual([
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'ServiceEntry',
        metadata: { name: 'billing', namespace: 'payments' },
        spec: {
          hosts: ['billing.example.com'],
          ports: [{ name: 'http', number: 8080, protocol: 'HTTP' }],
          location: 'MESH_INTERNAL',
          resolution: 'STATIC',
          endpoints: [{ address: '10.0.0.9', serviceAccount: 'billing' }],
        },
      },
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'DestinationRule',
        metadata: { name: 'billing', namespace: 'payments' },
        spec: {
          host: 'billing.example.com',
          trafficPolicy: {
            tls: { mode: 'ISTIO_MUTUAL', subjectAltNames: ['spiffe://cluster.local/ns/payments/sa/billing'] },
          },
        },
      },
    ]);
  });

  test('names are resolved by callers', () => {
    const exposure = InboundExposure.direct(['10.0.0.9', 'vm-2.example.com']);
    expect(objectsOf(calls({ exposure }))[0].resolution).toBe('DNS');
  });

  test('a load balancer that passes TCP on has ports of its own, and no identity of its own', () => {
    const [entry, rule] = objectsOf(
      calls({ exposure: InboundExposure.loadBalancer('nlb.example.com'), ports: [{ ...HTTP, exposedPort: 9443 }] }),
    );
    expect(entry).toMatchObject({
      resolution: 'DNS',
      location: 'MESH_INTERNAL',
      ports: [{ name: 'http', number: 8080, targetPort: 9443 }],
      endpoints: [{ address: 'nlb.example.com', serviceAccount: 'billing' }],
    });
    expect(rule.trafficPolicy.tls).toStrictEqual({
      mode: 'ISTIO_MUTUAL',
      subjectAltNames: ['spiffe://cluster.local/ns/payments/sa/billing'],
    });
  });

  test('a load balancer that ends TLS is outside, and known by its certificate', () => {
    const [entry, rule] = objectsOf(calls({ exposure: HTTPS, callers: undefined, ports: [{ ...HTTP, port: 80 }] }));
    expect(entry).toMatchObject({
      location: 'MESH_EXTERNAL',
      ports: [{ name: 'http', number: 80, protocol: 'HTTP', targetPort: 443 }],
    });
    expect(entry.endpoints).toStrictEqual([{ address: 'alb.example.com' }]);
    expect(rule.trafficPolicy.tls).toStrictEqual({
      mode: 'SIMPLE',
      sni: 'alb.example.com',
      subjectAltNames: ['alb.example.com'],
    });
  });

  test('by the name in it, and the authorities that callers have', () => {
    const exposure = InboundExposure.httpsLoadBalancer('alb.example.com', {
      sourceRanges: ['10.0.0.0/24'],
      certificateName: 'billing.acme.com',
      caCertificates: '/etc/acme.pem',
    });
    expect(objectsOf(calls({ exposure, callers: undefined }))[1].trafficPolicy.tls).toStrictEqual({
      mode: 'SIMPLE',
      sni: 'billing.acme.com',
      subjectAltNames: ['billing.acme.com'],
      caCertificates: '/etc/acme.pem',
    });
  });

  test('traffic settings, addresses and namespaces go along', () => {
    const traffic = { connectionPool: { tcp: { maxConnections: 5 } } };
    const [entry, rule] = objectsOf(calls({ traffic, virtualAddresses: ['240.0.0.1'], exportTo: ['shop'] }));
    expect(entry).toMatchObject({ addresses: ['240.0.0.1'], exportTo: ['shop'] });
    expect(rule.trafficPolicy).toMatchObject({
      connectionPool: { tcp: { maxConnections: 5 } },
      tls: { mode: 'ISTIO_MUTUAL' },
    });
  });

  test('the mode is the same in words as TrafficPolicy says it', () => {
    const subjectAltNames = ['spiffe://cluster.local/ns/payments/sa/billing'];
    expect(UpstreamTls.istioMutual({ subjectAltNames }).istioMutual).toEqual({ subjectAltNames });
    expect(UpstreamTls.istioMutual().istioMutual).toEqual({});
  });
});

describe('what the machine is told', () => {
  test('callers are those of the port, or of all ports, as policies of the mesh read them', () => {
    const chart = aChart();
    const group = new MeshVmGroup(chart, 'web', groupProps());
    const inbound = calls({
      callers: [Caller.group(group), Caller.namespace('shop')],
      ports: [HTTP, { ...HTTP, name: 'admin', port: 9090, callers: [Caller.authenticated()] }],
    });
    const files = anEnvoy(inbound, { namespace: undefined }, aChart()).files();
    const { listeners } = parse(files['envoy.yaml']).static_resources as { readonly listeners: readonly object[] };
    const names = listeners.map((listener) =>
      [...JSON.stringify(listener).matchAll(/"(spiffe:[^"]*)"/g)].map(([, id]) => id),
    );
    expect(names).toEqual([
      [],
      ['spiffe://cluster.local/ns/payments/sa/web', 'spiffe://[^/]+/ns/shop/sa/[^/]+'],
      ['spiffe://.+'],
    ]);
  });

  test('a namespace is no part of another', () => {
    const text = anEnvoy(calls({ callers: [Caller.namespace('shop')] })).files()['envoy.yaml'];
    const pattern = /regex: "?(spiffe[^"\n]*)"?/.exec(text)?.[1] as string;
    const matches = (id: string) => new RegExp(`^(?:${pattern})$`).test(id);
    expect(matches('spiffe://cluster.local/ns/shop/sa/a')).toBe(true);
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9/.-]{1,12}$/), (other) => {
        fc.pre(other !== 'shop');
        expect(matches(`spiffe://cluster.local/ns/${other}/sa/a`)).toBe(false);
      }),
    );
  });

  test('it may call and be called, and needs neither gateways nor services to be called', () => {
    expect(problemsOf(() => anEnvoy(undefined))).toEqual(['services [standalone/nothing-to-do]']);
    expect(problemsOf(() => anEnvoy(calls(), { gateways: [{ address: 'a b' }] }))).toEqual([
      'gateways[0].address [standalone/gateway-address]',
    ]);
    expect(Object.keys(anEnvoy(calls()).files())).toContain('envoy.yaml');
  });
});

describe('refused', () => {
  test.each<[string, Partial<InboundCalls>, readonly string[]]>([
    ['nobody', { callers: undefined }, ['inbound.ports[0].callers [standalone/inbound-without-callers]']],
    ['an empty list', { callers: [] }, ['inbound.ports[0].callers [standalone/inbound-without-callers]']],
    [
      'callers by address',
      { callers: [Caller.addresses('10.0.0.0/8')] },
      ['inbound.callers[0].addresses [standalone/inbound-caller-by-address]'],
    ],
    ['a caller of whom nothing is said', { callers: [{}] }, ['inbound.callers[0] [shape/choice]']],
    [
      'callers that nobody can be',
      { callers: [Caller.serviceAccount('Shop', '*')] },
      [
        'inbound.callers[0].serviceAccount.namespace [authorization/caller-namespace]',
        'inbound.callers[0].serviceAccount.name [authorization/caller-service-account]',
      ],
    ],
    [
      'callers that the load balancer hides',
      { exposure: HTTPS },
      ['inbound.callers [standalone/inbound-callers-not-seen]'],
    ],
    ['a host that is none', { host: 'https://x' }, ['inbound.host [standalone/inbound-host]']],
    ['a host with a wildcard', { host: '*.example.com' }, ['inbound.host [standalone/inbound-host]']],
    ['a host in capitals', { host: 'Billing.example.com' }, ['inbound.host [standalone/inbound-host]']],
    ['no ports', { ports: [] }, ['inbound.ports [standalone/inbound-without-ports]']],
    [
      'two ports of a name',
      { ports: [HTTP, { ...HTTP, port: 9090 }] },
      ['inbound.ports[1].name [service-entry/port-twice]'],
    ],
    ['a name to listen on', { listenAddress: 'eth0' }, ['inbound.listenAddress [address/ip-required]']],
    ['health on a taken port', { health: { port: 8080 } }, ['inbound.health.port [standalone/port-taken]']],
    ['health without a path', { health: { port: 9, path: 'up' } }, ['inbound.health.path [standalone/health-path]']],
    [
      'two ports at one port of the load balancer',
      {
        exposure: InboundExposure.loadBalancer('nlb.example.com'),
        ports: [
          { ...HTTP, exposedPort: 443 },
          { ...HTTP, name: 'admin', port: 9090, exposedPort: 443 },
        ],
      },
      ['inbound.ports[1].exposedPort [standalone/inbound-exposed-port-twice]'],
    ],
    [
      'traffic settings that Istio refuses',
      { traffic: { connectionPool: {} } },
      ['inbound.traffic.connectionPool [traffic/connection-pool-empty]'],
    ],
    ['namespaces that are none', { exportTo: [] }, ['inbound.exportTo [service-entry/export-to-empty]']],
  ])('%s', (_, fields, expected) => {
    expect(refusal(fields)).toEqual(expected);
  });

  test.each<[string, Partial<InboundPort>, Partial<InboundCalls>, readonly string[]]>([
    [
      'an application that others reach',
      { applicationAddress: '0.0.0.0' },
      {},
      ['inbound.ports[0].applicationAddress [standalone/inbound-application-address]'],
    ],
    [
      'an application on the port of its Envoy',
      { applicationPort: 8080 },
      {},
      ['inbound.ports[0].applicationPort [standalone/inbound-application-port]'],
    ],
    [
      'TCP behind HTTPS',
      { name: 'tcp', protocol: ServiceProtocol.TCP },
      { exposure: HTTPS, callers: undefined, virtualAddresses: ['240.0.0.1'] },
      ['inbound.ports[0].protocol [standalone/inbound-tcp-behind-https]'],
    ],
    [
      'a timeout of TCP',
      { protocol: ServiceProtocol.TCP, timeoutSeconds: 3 },
      { virtualAddresses: ['240.0.0.1'] },
      ['inbound.ports[0].timeoutSeconds [standalone/inbound-timeout-of-tcp]'],
    ],
    ['a port of Envoy itself', { port: 15000 }, {}, ['inbound.ports[0].listenPort [standalone/port-taken]']],
    [
      'limits of nothing',
      { limits: { maxConnections: 0 } },
      {},
      ['inbound.ports[0].limits.maxConnections [traffic/zero-is-no-limit]'],
    ],
    [
      'health checks of another protocol',
      { healthCheck: ServiceHealthCheck.grpc() },
      {},
      ['inbound.ports[0].healthCheck [standalone/health-check-of-other-protocol]'],
    ],
    [
      'ports out of range',
      { port: 0, listenPort: 8081, applicationPort: 70000, exposedPort: -1 },
      {},
      [
        'inbound.ports[0].applicationPort [port/number]',
        'inbound.ports[0].exposedPort [port/number]',
        'inbound.ports[0].port [port/number]',
      ],
    ],
  ])('%s', (_, port, fields, expected) => {
    expect(refusalOf(port, fields)).toEqual(expected);
  });

  test('an application may have the port of its Envoy on another address', () => {
    expect(() =>
      anEnvoy(calls({ listenAddress: '10.0.0.9', ports: [{ ...HTTP, applicationPort: 8080 }] })),
    ).not.toThrow();
  });

  test('hosts that another construct has', () => {
    const chart = aChart();
    anEnvoy(calls(), {}, chart);
    const entry = {
      mesh: aMesh(),
      hosts: ['billing.example.com'],
      ports: [{ name: 'http', port: 80, protocol: ServiceEntryProtocol.HTTP }],
      endpoints: VmServiceEndpoints.static([{ address: '10.0.0.1' }]),
    };
    expect(problemsOf(() => new VmServiceEntry(chart, 'other', entry))).toEqual([
      'hosts[0] [service-entry/host-twice]',
    ]);
    const policy = { target: TrafficTarget.fromHost('billing.example.com'), tls: UpstreamTls.disable() };
    expect(problemsOf(() => new TrafficPolicy(chart, 'policy', policy))).toEqual(['target [traffic/host-twice]']);
    const again = problemsOf(
      () =>
        new StandaloneEnvoy(chart, 'again', {
          mesh: aMesh(),
          name: 'again',
          gateways: [],
          services: [],
          inbound: calls(),
        }),
    );
    expect(again).toEqual(['inbound.host [service-entry/host-twice]']);
  });
});
