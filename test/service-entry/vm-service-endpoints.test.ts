import { type App, Chart, Testing } from 'cdk8s';
import {
  GroupNamespace,
  MeshVm,
  ServiceEntryLocation,
  type ServiceEntryPort,
  ServiceEntryProtocol,
  type VmServiceEndpoint,
  VmServiceEndpoints,
  VmServiceEntry,
  type VmServiceEntryProps,
} from 'meshvm';
import { aChart, errorOf, groupProps, problemsOf } from '../fixtures';
import { aGroup, entryProps, HTTP_PORT, refusal } from './service-entry-props';

const { HTTP, TCP } = ServiceEntryProtocol;

function spec(chart: Chart): unknown {
  return Testing.synth(chart).find(({ kind }) => kind === 'ServiceEntry').spec;
}

/** What is said of an entry over the group. */
function refusalOverGroup(props: Partial<VmServiceEntryProps>): readonly string[] {
  const chart = aChart();
  const endpoints = VmServiceEndpoints.group(aGroup(chart));
  return problemsOf(() => new VmServiceEntry(chart, 'pay', entryProps({ endpoints, ...props })));
}

describe('VmServiceEndpoints', () => {
  test.each<[string, VmServiceEndpoints, Partial<VmServiceEntryProps>, object]>([
    ['resolveHosts', VmServiceEndpoints.resolveHosts(), {}, { resolution: 'DNS', location: 'MESH_EXTERNAL' }],
    ['dns', VmServiceEndpoints.dns([{ address: 'a.b' }]), {}, { resolution: 'DNS', endpoints: [{ address: 'a.b' }] }],
    ['dnsRoundRobin', VmServiceEndpoints.dnsRoundRobin(), {}, { resolution: 'DNS_ROUND_ROBIN' }],
    [
      'dnsRoundRobin with an endpoint',
      VmServiceEndpoints.dnsRoundRobin({ address: 'a.b' }),
      {},
      { resolution: 'DNS_ROUND_ROBIN', endpoints: [{ address: 'a.b' }] },
    ],
    ['passthrough', VmServiceEndpoints.passthrough(), { hosts: ['*.corp'] }, { resolution: 'NONE' }],
    ['dynamicDns', VmServiceEndpoints.dynamicDns(), { hosts: ['*.corp'] }, { resolution: 'DYNAMIC_DNS' }],
    [
      'fromLabels',
      VmServiceEndpoints.fromLabels({ app: 'elsewhere' }),
      {},
      { resolution: 'STATIC', location: 'MESH_INTERNAL', workloadSelector: { labels: { app: 'elsewhere' } } },
    ],
  ])('finds endpoints by %s', (_name, endpoints, props, expected) => {
    const chart = aChart();
    new VmServiceEntry(chart, 'pay', entryProps({ endpoints, ...props }));
    expect(spec(chart)).toMatchObject(expected);
  });

  test('selects one machine, and those of several groups by their common label', () => {
    const chart = aChart();
    aGroup(chart);
    const vm = new MeshVm(chart, 'db', {
      ...groupProps({ namespace: GroupNamespace.existing(), ports: [{ name: 'mysql', port: 3306 }] }),
      address: '10.20.0.9',
    });
    const ports = [{ name: 'mysql', port: 3306, protocol: ServiceEntryProtocol.MYSQL }];
    new VmServiceEntry(chart, 'db-name', entryProps({ endpoints: VmServiceEndpoints.machine(vm), ports }));
    expect(spec(chart)).toMatchObject({ workloadSelector: { labels: { app: 'db', version: 'latest' } } });
    const endpoints = VmServiceEndpoints.matching({ app: 'shop' });
    expect(() => new VmServiceEntry(chart, 'shop-name', entryProps({ endpoints, hosts: ['shop.corp'] }))).not.toThrow();
  });

  test.each<[string, VmServiceEndpoint, readonly string[]]>([
    [
      'a host name',
      { address: 'a.b' },
      ['endpoints.staticEndpoints[0].address [service-entry/endpoint-address-not-ip]'],
    ],
    [
      'a Unix socket',
      { address: 'unix:///run/x' },
      ['endpoints.staticEndpoints[0].address [service-entry/endpoint-unix-address]'],
    ],
    ['no address', { address: '' }, ['endpoints.staticEndpoints[0].address [property/required]']],
    ['a zone', { address: 'fe80::1%eth0' }, ['endpoints.staticEndpoints[0].address [address/ip-required]']],
    [
      'a port that the entry does not have',
      { address: '10.0.0.1', ports: { grpc: 1 } },
      ['endpoints.staticEndpoints[0].ports["grpc"] [service-entry/endpoint-port-unknown]'],
    ],
    [
      'a port out of range',
      { address: '10.0.0.1', ports: { http: 0 } },
      ['endpoints.staticEndpoints[0].ports["http"] [port/number]'],
    ],
    [
      'a label that is none',
      { address: '10.0.0.1', labels: { a: '-' } },
      ['endpoints.staticEndpoints[0].labels["a"] [label/machine]'],
    ],
    [
      'the network as label',
      { address: '10.0.0.1', labels: { 'topology.istio.io/network': 'n' } },
      ['endpoints.staticEndpoints[0].labels["topology.istio.io/network"] [label/owned-by-meshvm]'],
    ],
    [
      'a network that is none',
      { address: '10.0.0.1', network: '' },
      ['endpoints.staticEndpoints[0].network [service-entry/endpoint-network]'],
    ],
    [
      'weight 0',
      { address: '10.0.0.1', weight: 0 },
      ['endpoints.staticEndpoints[0].weight [service-entry/endpoint-weight]'],
    ],
    [
      'an identity outside the mesh',
      { address: '10.0.0.1', serviceAccount: 'db' },
      ['endpoints.staticEndpoints[0].serviceAccount [service-entry/identity-outside-mesh]'],
    ],
    [
      'an identity that is none',
      { address: '10.0.0.1', serviceAccount: 'D' },
      [
        'endpoints.staticEndpoints[0].serviceAccount [service-entry/endpoint-service-account]',
        'endpoints.staticEndpoints[0].serviceAccount [service-entry/identity-outside-mesh]',
      ],
    ],
  ])('refuses an endpoint with %s', (_what, endpoint, expected) => {
    expect(refusal({ endpoints: VmServiceEndpoints.static([endpoint]) })).toStrictEqual(expected);
  });

  test('refuses a port name that is too long for a port of an endpoint', () => {
    const name = 'x'.repeat(63);
    const endpoints = VmServiceEndpoints.static([{ address: '10.0.0.1', ports: { [name]: 1 } }]);
    expect(refusal({ endpoints, ports: [{ ...HTTP_PORT, name }] })).toStrictEqual([
      `endpoints.staticEndpoints[0].ports["${name}"] [service-entry/endpoint-port-name-length]`,
    ]);
  });

  test('refuses a list without endpoints, and a name to resolve that is none', () => {
    expect(refusal({ endpoints: VmServiceEndpoints.static([]) })).toStrictEqual([
      'endpoints.staticEndpoints [service-entry/no-endpoints]',
    ]);
    expect(refusal({ endpoints: VmServiceEndpoints.dns([{ address: 'a_b' }]) })).toStrictEqual([
      'endpoints.dns[0].address [name/host]',
    ]);
  });

  test.each<[string, Record<string, string>, readonly string[]]>([
    ['none', {}, ['endpoints.fromLabels [service-entry/selector-empty]']],
    ['a wildcard', { app: '*' }, ['endpoints.fromLabels["app"] [service-entry/selector-wildcard]']],
    ['what no object can carry', { app: 'a b' }, ['endpoints.fromLabels["app"] [service-entry/selector-label]']],
  ])('refuses labels: %s', (_what, labels, expected) => {
    expect(refusal({ endpoints: VmServiceEndpoints.fromLabels(labels) })).toStrictEqual(expected);
  });

  describe('over machines of the program', () => {
    test.each<[string, Partial<VmServiceEntryProps>, readonly string[]]>([
      [
        'a port that nobody serves',
        { ports: [{ name: 'web', port: 80, protocol: HTTP }] },
        ['ports[0].port [service-entry/port-nobody-serves]'],
      ],
      [
        'a target port that nobody serves',
        { ports: [{ name: 'web', port: 80, protocol: HTTP, targetPort: 9090 }] },
        ['ports[0].targetPort [service-entry/port-nobody-serves]'],
      ],
      [
        'a target port that the name of the port overrides',
        { ports: [{ ...HTTP_PORT, targetPort: 9090 }] },
        ['ports[0].targetPort [service-entry/target-port-ignored]'],
      ],
      [
        'another protocol than that of the Service',
        { ports: [{ ...HTTP_PORT, protocol: TCP }] },
        ['ports[0].protocol [service-entry/protocol-other-than-service]'],
      ],
      [
        'a location that takes their identity away',
        { location: ServiceEntryLocation.MESH_EXTERNAL },
        ['location [service-entry/machines-outside-mesh]'],
      ],
      ['another namespace', { namespace: 'shop' }, ['namespace [service-entry/other-namespace]']],
      [
        'a host that is their Service',
        { hosts: ['shop.payments.svc.cluster.local'] },
        ['hosts[0] [service-entry/host-is-service]'],
      ],
    ])('refuses %s', (_what, props, expected) => {
      expect(refusalOverGroup(props)).toStrictEqual(expected);
    });

    test('accepts what the name, the target port or the number leads to', () => {
      const chart = aChart();
      const group = aGroup(chart);
      const ports: readonly ServiceEntryPort[] = [
        { name: 'http', port: 80, protocol: HTTP },
        { name: 'web', port: 81, protocol: HTTP, targetPort: 8080 },
        { name: 'direct', port: 8080, protocol: HTTP },
      ];
      const endpoints = VmServiceEndpoints.group(group);
      expect(() => new VmServiceEntry(chart, 'pay', entryProps({ endpoints, ports }))).not.toThrow();
    });

    test('asks every machine, the fixed ones of the group too', () => {
      const chart = aChart();
      const group = aGroup(chart, { services: [] });
      group.addMachine('old', { address: '10.20.0.9', ports: [{ name: 'http', port: 8081 }] });
      const endpoints = VmServiceEndpoints.group(group);
      const ports = [{ name: 'web', port: 80, protocol: HTTP, targetPort: 8080 }];
      const error = errorOf(() => new VmServiceEntry(chart, 'pay', entryProps({ endpoints, ports })));
      expect(error.problems).toMatchObject([
        { id: 'service-entry/port-nobody-serves', allowed: 'what payments/shop/old declares: http (8081)' },
      ]);
      expect(() => new VmServiceEntry(chart, 'by-name', entryProps({ endpoints }))).not.toThrow();
    });

    test('refuses a single machine whose labels others have', () => {
      const chart = aChart();
      const vm = aGroup(chart).addMachine('old', { address: '10.20.0.9' });
      const endpoints = VmServiceEndpoints.machine(vm);
      expect(problemsOf(() => new VmServiceEntry(chart, 'pay', entryProps({ endpoints })))).toStrictEqual([
        'endpoints.machine [service-entry/selects-other-machines]',
      ]);
    });

    test('lets machines without a sidecar stand outside the mesh', () => {
      const chart = aChart();
      const vm = new MeshVm(chart, 'db', { ...groupProps(), address: '10.20.0.9', sidecar: false });
      const props = { endpoints: VmServiceEndpoints.machine(vm), location: ServiceEntryLocation.MESH_EXTERNAL };
      expect(() => new VmServiceEntry(chart, 'pay', entryProps(props))).not.toThrow();
    });

    test('refuses labels that select nothing', () => {
      const chart = aChart();
      const shop = aGroup(chart);
      const elsewhere = new Chart(chart.node.root as App, 'other', { namespace: 'other' });
      const props = entryProps({ endpoints: VmServiceEndpoints.matching({ app: shop.groupName }) });
      const expected = ['endpoints.matching [service-entry/labels-select-nothing]'];
      expect(problemsOf(() => new VmServiceEntry(elsewhere, 'pay', props))).toStrictEqual(expected);
    });
  });
});
