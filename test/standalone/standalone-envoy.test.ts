import { Chart, Testing } from 'cdk8s';
import {
  Caller,
  EnvoyAccessLog,
  EnvoyCertificates,
  type GatewayAddress,
  GroupNamespace,
  GroupServiceAccount,
  Locality,
  MeshIdentity,
  MeshVm,
  MeshVmGroup,
  NameResolution,
  Network,
  RetryOn,
  ServiceHealthCheck,
  ServiceProtocol,
  type StandaloneEnvoyProps,
  type StandaloneHostOptions,
  StandaloneService,
} from 'meshvm';
import { parse } from 'yaml';
import { aChart, aMesh, errorOf, groupProps, problemsOf } from '../fixtures';
import { catalog, laptop, refusal } from './fixtures';

const GATEWAY: GatewayAddress = { address: '10.0.0.1' };

/** What is said of a service. */
function refusalOf(options: Partial<StandaloneHostOptions>, host?: string): readonly string[] {
  return refusal({ services: [catalog(options, host)] });
}

interface Bootstrap {
  readonly static_resources: {
    readonly listeners: readonly { readonly name: string }[];
    readonly clusters: readonly Record<string, unknown>[];
  };
}

function bootstrapOf(fields: Partial<StandaloneEnvoyProps>, chart = aChart()): Bootstrap['static_resources'] {
  const files = laptop(fields, chart).files();
  return (parse(files['envoy.yaml']) as Bootstrap).static_resources;
}

describe('StandaloneEnvoy', () => {
  test('is an identity in the cluster, and nothing else', () => {
    const chart = aChart();
    const envoy = laptop({}, chart);
    expect(Testing.synth(chart)).toStrictEqual([
      {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'payments', labels: { 'istio-injection': 'enabled' } },
      },
      {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'laptop', namespace: 'payments' },
        automountServiceAccountToken: false,
      },
    ]);
    expect(envoy.spiffeId).toBe('spiffe://cluster.local/ns/payments/sa/laptop');
  });

  test('may be the identity of others', () => {
    const chart = aChart();
    const envoy = laptop(
      { namespace: GroupNamespace.existing('laptops'), serviceAccount: GroupServiceAccount.existing('developer') },
      chart,
    );
    expect(Testing.synth(chart)).toStrictEqual([]);
    expect([envoy.spiffeId, envoy.envoyName]).toEqual(['spiffe://cluster.local/ns/laptops/sa/developer', 'laptop']);
  });

  test('groups let it in by its identity', () => {
    const chart = aChart();
    const group = new MeshVmGroup(chart, 'shop', groupProps({ namespace: GroupNamespace.existing() }));
    const envoy = laptop({ namespace: GroupNamespace.existing('laptops') }, chart);
    group.allowFrom(Caller.standalone(envoy));
    expect(Testing.synth(chart).find(({ kind }) => kind === 'AuthorizationPolicy')).toMatchObject({
      spec: { rules: [{ from: [{ source: { principals: ['cluster.local/ns/laptops/sa/laptop'] } }] }] },
    });
  });

  test('knows host, port, protocol and server of a group', () => {
    const chart = aChart();
    const ports = [
      { name: 'http', port: 8080 },
      { name: 'grpc', port: 9000 },
    ];
    const group = new MeshVmGroup(chart, 'shop', groupProps({ ports, namespace: GroupNamespace.existing() }));
    const services = [StandaloneService.group(group, { port: 9000 })];
    const [cluster] = bootstrapOf({ services, namespace: GroupNamespace.existing() }, chart).clusters;
    expect(cluster.name).toBe('outbound|9000||shop.payments.svc.cluster.local');
    expect(JSON.stringify(cluster)).toContain('"http2_protocol_options"');
    expect(JSON.stringify(cluster)).toContain('"exact":"spiffe://cluster.local/ns/payments/sa/shop"');
  });

  test('knows those of a machine', () => {
    const chart = aChart();
    const machine = new MeshVm(chart, 'db', {
      mesh: aMesh(),
      address: '10.20.0.5',
      ports: [{ name: 'tcp', port: 5432 }],
      network: Network.flat(['10.20.0.0/16']),
      namespace: GroupNamespace.existing(),
    });
    const services = [StandaloneService.machine(machine, { localPort: 5432 })];
    const { clusters, listeners } = bootstrapOf({ services, namespace: GroupNamespace.existing() }, chart);
    expect(clusters.map(({ name }) => name)).toEqual(['outbound|5432||db.payments.svc.cluster.local', 'admin']);
    expect(listeners.map(({ name }) => name)).toEqual(['outbound|5432||db.payments.svc.cluster.local', 'admin']);
  });

  test('the same properties make the same files, in any order of programs', () => {
    const files = () => laptop().files();
    expect(files()).toStrictEqual(files());
  });

  test('its files hold names and addresses, and never a certificate or key', () => {
    const all = Object.values(laptop().files()).join('\n');
    expect(all).not.toMatch(/BEGIN|PRIVATE|inline_string|inline_bytes/);
  });
});

describe('gateways', () => {
  test.each<[string, readonly GatewayAddress[], readonly string[]]>([
    ['none', [], ['gateways [standalone/no-gateway]']],
    ['no address', [{ address: 'https://x' }], ['gateways[0].address [standalone/gateway-address]']],
    ['a zone', [{ address: 'fe80::1%eth0' }], ['gateways[0].address [standalone/gateway-address]']],
    ['no port', [{ ...GATEWAY, port: 0 }], ['gateways[0].port [port/number]']],
    [
      'a gap',
      [GATEWAY, { address: 'b.example.com', priority: 2 }],
      ['gateways[1].priority [standalone/gateway-priority]'],
    ],
    ['nobody first', [{ ...GATEWAY, priority: 1 }], ['gateways[0].priority [standalone/gateway-priority]']],
    ['no weight', [{ ...GATEWAY, weight: 0 }], ['gateways[0].weight [standalone/gateway-weight]']],
    ['one twice', [GATEWAY, { ...GATEWAY, weight: 2 }], ['gateways[1].address [standalone/gateway-twice]']],
  ])('%s is refused', (_what, gateways, problems) => {
    expect(refusal({ gateways })).toEqual(problems);
  });

  test('addresses, names, places and priorities are taken', () => {
    const gateways = [
      { address: 'a.example.com', locality: Locality.of('eu-west-1') },
      { address: '2001:db8::1', priority: 1, weight: 2 },
      { ...GATEWAY, port: 443, priority: 1 },
    ];
    expect(bootstrapOf({ gateways }).clusters[0].type).toBe('STRICT_DNS');
  });
});

describe('services', () => {
  const other = { protocol: ServiceProtocol.TCP, localPort: 1234 };

  test.each<[string, Partial<StandaloneHostOptions>, string]>([
    ['no port', { port: 0 }, 'port [port/number]'],
    ['an unknown protocol', { protocol: 'UDP' as ServiceProtocol }, 'protocol [shape/value]'],
    ['any server', { identities: [] }, 'identities [standalone/no-server-identity]'],
    ['a subset that is none', { subset: 'v_1' }, 'subset [standalone/subset]'],
    ['no local port', { localPort: 70000 }, 'localPort [port/number]'],
    ['an open door', { localPort: 8080, localAddress: '0.0.0.0' }, 'localAddress [standalone/loopback]'],
    ['an address alone', { localAddress: '127.0.0.2' }, 'localAddress [standalone/local-address-without-port]'],
    ['TCP among HTTP', { protocol: ServiceProtocol.TCP }, 'localPort [standalone/tcp-without-local-port]'],
    ['a timeout of TCP', { ...other, timeoutSeconds: 3 }, 'timeoutSeconds [standalone/timeout-of-tcp]'],
    ['a negative timeout', { timeoutSeconds: -1 }, 'timeoutSeconds [duration/seconds]'],
    ['no time to connect', { connectTimeoutSeconds: 0 }, 'connectTimeoutSeconds [duration/seconds]'],
    ['no connections', { limits: { maxConnections: 0 } }, 'limits.maxConnections [traffic/zero-is-no-limit]'],
    [
      'statuses of gRPC in HTTP',
      { retries: { attempts: 1, retryOn: [RetryOn.GRPC_UNAVAILABLE] } },
      'retries.retryOn[0].condition [retries/grpc-status-without-grpc]',
    ],
    [
      'gRPC asked of HTTP',
      { healthCheck: ServiceHealthCheck.grpc() },
      'healthCheck [standalone/health-check-of-other-protocol]',
    ],
    [
      'an endless question',
      { healthCheck: ServiceHealthCheck.connect({ timeoutSeconds: 0 }) },
      'healthCheck.connect.timeoutSeconds [duration/seconds]',
    ],
  ])('%s is refused', (_what, options, problem) => {
    expect(refusalOf(options)).toEqual([`services[0].${problem}`]);
  });

  test.each(['https://catalog', 'catalog', 'Catalog.shop', '*.shop', '10.0.0.1', 'a.b.', 'a.b:80'])(
    '%s is no host',
    (host) => {
      expect(refusalOf({}, host)).toEqual(['services[0].host [standalone/host]']);
    },
  );

  test('a group without Service, and a port that it does not have', () => {
    const chart = aChart();
    const make = (id: string, services?: []) =>
      new MeshVmGroup(chart, id, groupProps({ services, namespace: GroupNamespace.existing() }));
    const [without, shop] = [make('without', []), make('shop')];
    const services = [StandaloneService.group(without), StandaloneService.group(shop, { port: 80 })];
    const error = errorOf(() => laptop({ services }, new Chart(chart, 'laptops')));
    expect(error.problems.map(({ property, id, allowed }) => [property, id, allowed])).toEqual(
      expect.arrayContaining([
        ['services[0]', 'standalone/no-service-of-group', expect.any(String)],
        ['services[1].port', 'standalone/port', 'one of 8080'],
      ]),
    );
  });

  test('none at all is nothing to do', () => {
    expect(refusal({ services: [] })).toEqual(['services [standalone/nothing-to-do]']);
  });

  test('the same twice', () => {
    expect(refusal({ services: [catalog(), catalog()] })).toEqual(['services[1].host [standalone/service-twice]']);
    expect(refusal({ services: [catalog(), catalog({ subset: 'v1' })] })).toEqual([
      'services[1].host [standalone/name-twice]',
    ]);
    expect(refusal({ services: [catalog(), catalog({ port: 81 }, 'catalog.shop')] })).toEqual([
      'services[1].host [standalone/name-twice]',
    ]);
  });

  test('one name at two addresses, where names lead to them', () => {
    const services = [catalog({ localPort: 80 }), catalog({ port: 81, localPort: 81, localAddress: '127.0.0.2' })];
    expect(refusal({ services })).toEqual([
      'services[0].localAddress [standalone/name-with-two-addresses]',
      'services[1].localAddress [standalone/name-with-two-addresses]',
    ]);
    expect(bootstrapOf({ services, nameResolution: NameResolution.none() }).listeners).toHaveLength(3);
  });
});

describe('listeners', () => {
  test('no two on one port', () => {
    expect(refusal({ httpPort: 15000 })).toEqual(['httpPort [standalone/port-taken]']);
    const services = [catalog({ localPort: 15000 }), catalog({ localPort: 15000 }, 'a.b')];
    expect(refusal({ services })).toEqual([
      'services[0].localPort [standalone/port-taken]',
      'services[1].localPort [standalone/port-taken]',
    ]);
  });

  test('an address and the wildcard that covers it', () => {
    expect(refusal({ metrics: { address: '0.0.0.0', port: 15000 } })).toEqual(['metrics.port [standalone/port-taken]']);
    const services = [catalog({ localPort: 80, localAddress: '127.0.0.2' })];
    expect(bootstrapOf({ services, metrics: { address: '127.0.0.1', port: 80 } }).listeners).toHaveLength(3);
  });

  test('metrics have an address', () => {
    expect(refusal({ metrics: { address: 'eth0' } })).toEqual(['metrics.address [standalone/listen-address]']);
  });
});

describe('other properties', () => {
  test.each<[Partial<StandaloneEnvoyProps>, readonly string[]]>([
    [{ name: 'Laptop' }, ['name [name/dns-label]', 'serviceAccount [name/dns-subdomain]']],
    [{ directory: 'etc' }, ['directory [standalone/absolute-path]']],
    [{ directory: '/etc/../root' }, ['directory [standalone/absolute-path]']],
    [{ failover: { consecutiveFailures: 0 } }, ['failover.consecutiveFailures [traffic/zero-is-no-limit]']],
    [{ failover: { intervalSeconds: 0 } }, ['failover.intervalSeconds [duration/seconds]']],
  ])('%j is refused', (fields, problems) => {
    expect(refusal(fields)).toEqual(problems);
  });

  test.each<[string, Partial<StandaloneEnvoyProps>, readonly string[]]>([
    [
      'servers by names that nobody has',
      { services: [catalog({ identities: [MeshIdentity.serviceAccount('A', ''), MeshIdentity.spiffe('a/ns/b')] })] },
      [
        'services[0].identities[0].serviceAccount.namespace [name/dns-label]',
        'services[0].identities[0].serviceAccount.name [property/required]',
        'services[0].identities[1].spiffe [identity/spiffe-id]',
      ],
    ],
    [
      'a log without a folder',
      { accessLog: EnvoyAccessLog.file('log') },
      ['accessLog.file [standalone/absolute-path]'],
    ],
    [
      'a DNS server that asks names',
      { nameResolution: NameResolution.dnsFilter({ upstreams: ['dns'], port: 0 }) },
      ['nameResolution.dnsFilter.port [port/number]', 'nameResolution.dnsFilter.upstreams[0] [address/ip-required]'],
    ],
    [
      'a question without a path',
      { services: [catalog({ healthCheck: ServiceHealthCheck.http('healthz') })] },
      ['services[0].healthCheck.http.path [standalone/health-path]'],
    ],
    [
      'files elsewhere',
      { certificates: EnvoyCertificates.files({ directory: 'certificates', privateKey: '../key' }) },
      [
        'certificates.files.directory [standalone/absolute-path]',
        'certificates.files.privateKey [standalone/file-name]',
      ],
    ],
  ])('%s are refused where they stand', (_what, fields, problems) => {
    expect(refusal(fields)).toEqual(problems);
  });

  test('what is said of a service and not of its group, too, is one or the other', () => {
    const chart = aChart();
    const group = new MeshVmGroup(chart, 'shop', groupProps());
    const both = { group, identities: [{ spiffe: 'spiffe://cluster.local/ns/a/sa/b' }] };
    expect(problemsOf(() => laptop({ services: [both] }, chart))).toEqual([
      'services[0].identities [standalone/server-identity-known]',
    ]);
    expect(refusal({ services: [{ ...catalog(), group }] })).toEqual(['services[0] [shape/choice]']);
  });
});
