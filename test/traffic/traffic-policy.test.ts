import { type Chart, Testing } from 'cdk8s';
import {
  GroupNamespace,
  HashKey,
  LoadBalancing,
  Locality,
  LocalityBalancing,
  MeshVm,
  MeshVmGroup,
  type MeshVmGroupProps,
  ServiceEntryProtocol,
  TrafficPolicy,
  type TrafficPolicyProps,
  type TrafficSettings,
  TrafficTarget,
  UpstreamTls,
  VmServiceEndpoints,
  VmServiceEntry,
} from 'meshvm';
import { aChart, aMesh, errorOf, groupProps, problemsOf } from '../fixtures';

const outlierDetection = { consecutive5xxErrors: 3 };
const existing = GroupNamespace.existing();

function aGroup(chart: Chart, id = 'shop', props: Partial<MeshVmGroupProps> = {}): MeshVmGroup {
  return new MeshVmGroup(chart, id, groupProps({ namespace: existing, ...props }));
}

/** Machines with these ports behind ports of the same names and numbers. */
function withPorts(...names: readonly string[]): Partial<MeshVmGroupProps> {
  return { ports: names.map((name, index) => ({ name, port: 8080 + index })) };
}

/** What is said of settings for a group. */
function refusal(
  settings: Omit<TrafficPolicyProps, 'target'>,
  group: Partial<MeshVmGroupProps> = {},
): readonly string[] {
  const chart = aChart();
  const target = TrafficTarget.group(aGroup(chart, 'shop', group));
  return problemsOf(() => new TrafficPolicy(chart, 'traffic', { target, ...settings }));
}

function rulesOf(chart: Chart): readonly { metadata: { name: string; namespace: string }; spec: { host: string } }[] {
  return Testing.synth(chart).filter(({ kind }) => kind === 'DestinationRule');
}

describe('TrafficPolicy', () => {
  test('of a group is a DestinationRule with the name of the Service', () => {
    const chart = aChart();
    const policy = new TrafficPolicy(chart, 'traffic', {
      target: TrafficTarget.group(aGroup(chart)),
      outlierDetection,
    });
    expect(Testing.synth(chart).at(-1)).toStrictEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'shop', namespace: 'payments' },
      spec: {
        host: 'shop.payments.svc.cluster.local',
        trafficPolicy: { outlierDetection: { consecutive5xxErrors: 3 } },
      },
    });
    expect([policy.hosts, policy.namespace]).toStrictEqual([['shop.payments.svc.cluster.local'], 'payments']);
  });

  test('has a rule for each Service of a group', () => {
    const chart = aChart();
    const group = aGroup(chart, 'shop', { services: [{ name: 'shop' }, { name: 'shop-admin' }] });
    new TrafficPolicy(chart, 'traffic', { target: TrafficTarget.group(group), outlierDetection });
    expect(rulesOf(chart).map(({ metadata, spec }) => [metadata.name, spec.host])).toStrictEqual([
      ['shop', 'shop.payments.svc.cluster.local'],
      ['shop-admin', 'shop-admin.payments.svc.cluster.local'],
    ]);
  });

  test.each<[string, (chart: Chart) => TrafficTarget, object, string]>([
    [
      'a machine',
      (chart) =>
        TrafficTarget.machine(
          new MeshVm(chart, 'db', { ...groupProps({ namespace: existing }), address: '10.20.0.9' }),
        ),
      { name: 'db', namespace: 'payments' },
      'db.payments.svc.cluster.local',
    ],
    [
      'a Service of others',
      () => TrafficTarget.service('web', { namespace: 'shop', ports: [{ name: 'http', port: 80 }] }),
      { name: 'web', namespace: 'shop' },
      'web.shop.svc.cluster.local',
    ],
    [
      'a Service of others in the namespace of the chart',
      () => TrafficTarget.service('web', { ports: [{ name: 'http', port: 80 }] }),
      { name: 'web', namespace: 'payments' },
      'web.payments.svc.cluster.local',
    ],
    [
      'a ServiceEntry',
      (chart) =>
        TrafficTarget.serviceEntry(
          new VmServiceEntry(chart, 'bank', {
            mesh: aMesh(),
            namespace: 'shop',
            hosts: ['bank.example.com'],
            ports: [{ name: 'http', port: 80, protocol: ServiceEntryProtocol.HTTP }],
            endpoints: VmServiceEndpoints.resolveHosts(),
          }),
        ),
      { name: 'bank.example.com', namespace: 'shop' },
      'bank.example.com',
    ],
    [
      'a host of others',
      () => TrafficTarget.fromHost('A.example.com'),
      { name: 'a.example.com', namespace: 'payments' },
      'A.example.com',
    ],
    [
      'hosts of others',
      () => TrafficTarget.fromHost('*.example.com'),
      { name: 'any.example.com', namespace: 'payments' },
      '*.example.com',
    ],
    ['all hosts', () => TrafficTarget.fromHost('*'), { name: 'any', namespace: 'payments' }, '*'],
  ])('is about %s', (_what, target, metadata, host) => {
    const chart = aChart();
    new TrafficPolicy(chart, 'traffic', { target: target(chart), outlierDetection });
    expect(Testing.synth(chart).at(-1)).toMatchObject({ kind: 'DestinationRule', metadata, spec: { host } });
  });

  test('writes out for a port what Istio would not let it inherit', () => {
    const chart = aChart();
    const tls = UpstreamTls.disable();
    new TrafficPolicy(chart, 'traffic', {
      target: TrafficTarget.group(aGroup(chart)),
      outlierDetection,
      loadBalancing: LoadBalancing.random(),
      ports: [{ port: 8080, tls, loadBalancing: LoadBalancing.roundRobin() }],
    });
    expect(Testing.synth(chart).at(-1)?.spec.trafficPolicy.portLevelSettings).toStrictEqual([
      {
        port: { number: 8080 },
        tls: { mode: 'DISABLE' },
        outlierDetection: { consecutive5xxErrors: 3 },
        loadBalancer: { simple: 'ROUND_ROBIN' },
      },
    ]);
  });

  test('makes subsets of versions, whose names have no dots', () => {
    const chart = aChart();
    const stable = aGroup(chart, 'shop', { version: '1.2.0' });
    const canary = aGroup(chart, 'canary', { canonicalService: 'shop', version: 'v2', services: [] });
    new TrafficPolicy(chart, 'traffic', { target: TrafficTarget.group(stable), versions: [stable, canary] });
    expect(Testing.synth(chart).at(-1)?.spec).toStrictEqual({
      host: 'shop.payments.svc.cluster.local',
      subsets: [
        { name: '1-2-0', labels: { version: '1.2.0' } },
        { name: 'v2', labels: { version: 'v2' } },
      ],
    });
  });

  test.each<[string, Omit<TrafficPolicyProps, 'target'>, readonly string[]]>([
    ['nothing', {}, [' [traffic/empty]']],
    ['nothing of a port', { outlierDetection, ports: [{ port: 8080 }] }, ['ports[0] [traffic/port-empty]']],
    [
      "the machines' port instead of the Service's",
      { ports: [{ port: 9, outlierDetection }] },
      ['ports[0].port [traffic/port-unknown]'],
    ],
    ['a port out of range', { ports: [{ port: 0, outlierDetection }] }, ['ports[0].port [traffic/port-number]']],
    [
      'a port twice',
      {
        ports: [
          { port: 8080, outlierDetection },
          { port: 8080, outlierDetection },
        ],
      },
      ['ports[1].port [traffic/port-twice]'],
    ],
    [
      'bad settings of a port',
      { ports: [{ port: 8080, connectionPool: {} }] },
      ['ports[0].connectionPool [traffic/connection-pool-empty]'],
    ],
  ])('refuses %s', (_what, settings, expected) => {
    expect(refusal(settings)).toStrictEqual(expected);
  });

  test.each<[string, TrafficSettings, readonly string[], readonly string[]]>([
    [
      'limits on HTTP',
      { connectionPool: { http: { maxRetries: 1 } } },
      ['tcp'],
      ['connectionPool.http [traffic/http-without-http-port]'],
    ],
    [
      'a hash of headers',
      { loadBalancing: LoadBalancing.consistentHash(HashKey.header('x')) },
      ['tcp'],
      ['loadBalancing.consistentHash.key [traffic/http-without-http-port]'],
    ],
    ['a hash of addresses', { loadBalancing: LoadBalancing.consistentHash(HashKey.sourceIp()) }, ['tcp'], []],
    [
      'settings of HTTP/2',
      { connectionPool: { http: { maxConcurrentStreams: 1 } } },
      ['http', 'tcp'],
      ['connectionPool.http.maxConcurrentStreams [traffic/http2-without-http2-port]'],
    ],
    [
      'settings of HTTP/2 beside a port of it',
      { connectionPool: { http: { maxConcurrentStreams: 1 } } },
      ['http', 'grpc'],
      [],
    ],
  ])('knows what %s mean for the ports of the Service', (_what, settings, names, expected) => {
    const chart = aChart();
    const target = TrafficTarget.group(aGroup(chart, 'shop', withPorts(...names)));
    const make = () => new TrafficPolicy(chart, 'traffic', { target, ...settings });
    expect(expected.length === 0 ? make().hosts.length : problemsOf(make)).toStrictEqual(
      expected.length === 0 ? 1 : expected,
    );
  });

  test('takes outlier detection of the host for that of a port', () => {
    const locality = LocalityBalancing.failover([{ from: Locality.of('eu'), to: Locality.of('us') }]);
    expect(refusal({ ports: [{ port: 8080, locality }] })).toStrictEqual([
      'ports[0].outlierDetection [locality/needs-outlier-detection]',
    ]);
    const chart = aChart();
    const target = TrafficTarget.group(aGroup(chart));
    const ports = [{ port: 8080, locality }];
    expect(() => new TrafficPolicy(chart, 'traffic', { target, outlierDetection, ports })).not.toThrow();
  });

  test('refuses a second rule of a host, whoever has the first', () => {
    const chart = aChart();
    const target = TrafficTarget.group(aGroup(chart));
    new TrafficPolicy(chart, 'first', { target, outlierDetection });
    const host = TrafficTarget.fromHost('shop.payments.svc.cluster.local');
    for (const [index, second] of [target, host].entries()) {
      expect(
        errorOf(() => new TrafficPolicy(chart, `second-${index}`, { target: second, outlierDetection })).problems,
      ).toMatchObject([
        { id: 'traffic/host-twice', property: 'target', allowed: 'hosts other than those of payments/first' },
      ]);
    }
  });

  test('refuses a group without Services', () => {
    expect(refusal({ outlierDetection }, { services: [] })).toStrictEqual(['target.group [traffic/no-service]']);
  });

  test.each<[string, string]>([
    ['', 'target.host.name [traffic/host]'],
    ['10.0.0.1', 'target.host.name [traffic/host]'],
    ['https://a.b', 'target.host.name [traffic/host]'],
    ['shop', 'target.host.name [traffic/host-not-full]'],
    ['shop.example.com.', 'target.host.name [traffic/host-not-full]'],
    [`${'xy.'.repeat(84)}zz`, 'target.host.name [name/dns-subdomain]'],
  ])('refuses host "%s"', (host, expected) => {
    const target = TrafficTarget.fromHost(host);
    expect(problemsOf(() => new TrafficPolicy(aChart(), 'traffic', { target, outlierDetection }))).toStrictEqual([
      expected,
    ]);
  });

  test('refuses a Service of others that no Service can be', () => {
    const target = TrafficTarget.service('Web.shop', { namespace: 'a.b', ports: [] });
    expect(problemsOf(() => new TrafficPolicy(aChart(), 'traffic', { target, outlierDetection }))).toStrictEqual([
      'target.service.namespace [name/dns-label]',
      'target.service.name [traffic/service-name]',
      'target.service.ports [traffic/service-without-ports]',
    ]);
    const ports = [{ name: 'web', port: 0 }];
    const unnamed = TrafficTarget.service('web', { ports });
    expect(
      problemsOf(() => new TrafficPolicy(aChart(), 'traffic', { target: unnamed, outlierDetection })),
    ).toStrictEqual([
      'target.service.ports[0].name [port/name-selects-no-protocol]',
      'target.service.ports[0].port [port/number]',
    ]);
  });

  test('refuses TLS of what callers have made TLS already, unless the port has a tls of its own', () => {
    const ports = [
      { name: 'http', port: 80 },
      { name: 'https', port: 443 },
    ];
    const target = TrafficTarget.service('web', { ports });
    const tls = UpstreamTls.simple();
    const policy = (props: object) => () => new TrafficPolicy(aChart(), 'traffic', { target, ...props });
    expect(problemsOf(policy({ tls }))).toStrictEqual(['tls [traffic/tls-of-tls-port]']);
    expect(problemsOf(policy({ ports: [{ port: 443, tls }] }))).toStrictEqual([
      'ports[0].tls [traffic/tls-of-tls-port]',
    ]);
    expect(policy({ ports: [{ port: 80, tls }] })).not.toThrow();
    expect(policy({ tls, ports: [{ port: 443, tls: UpstreamTls.disable() }] })).not.toThrow();
    expect(policy({ tls: UpstreamTls.istioMutual() })).not.toThrow();
  });

  test('refuses mutual TLS to machines without a sidecar', () => {
    const chart = aChart();
    const vm = new MeshVm(chart, 'db', {
      ...groupProps({
        namespace: existing,
        ports: [
          { name: 'tcp', port: 9090 },
          { name: 'http', port: 8080 },
        ],
      }),
      address: '10.20.0.9',
      sidecar: false,
    });
    const target = TrafficTarget.machine(vm);
    const tls = UpstreamTls.istioMutual();
    expect(
      problemsOf(() => new TrafficPolicy(chart, 'traffic', { target, tls, ports: [{ port: 8080, tls }] })),
    ).toStrictEqual(['tls [traffic/mutual-tls-without-sidecar]', 'ports[0].tls [traffic/mutual-tls-without-sidecar]']);
  });

  test('refuses versions of another application, of another namespace, and of nobody knows what', () => {
    const chart = aChart();
    const shop = aGroup(chart);
    const other = aGroup(chart, 'other');
    const far = aGroup(chart, 'far', { canonicalService: 'shop', namespace: GroupNamespace.create('far') });
    const versions = [other, far];
    const target = TrafficTarget.group(shop);
    expect(problemsOf(() => new TrafficPolicy(chart, 'traffic', { target, versions }))).toStrictEqual([
      'versions[1] [subset/name-twice]',
      'versions[0] [subset/other-application]',
      'versions[1] [subset/other-application]',
    ]);
    const host = TrafficTarget.fromHost('shop.example.com');
    expect(problemsOf(() => new TrafficPolicy(chart, 'second', { target: host, versions: [shop] }))).toStrictEqual([
      'versions [traffic/versions-of-hosts-of-others]',
    ]);
  });

  test('refuses versions that make one name', () => {
    const chart = aChart();
    const group = aGroup(chart, 'shop', { version: '1.2' });
    const twin = aGroup(chart, 'twin', { canonicalService: 'shop', version: '1-2', services: [] });
    const target = TrafficTarget.group(group);
    expect(problemsOf(() => new TrafficPolicy(chart, 'traffic', { target, versions: [group, twin] }))).toStrictEqual([
      'versions[1] [subset/name-twice]',
    ]);
  });
});
