import { Testing } from 'cdk8s';
import {
  GroupNamespace,
  Locality,
  ServiceEntryLocation,
  ServiceEntryProtocol,
  type VmServiceEndpoint,
  VmServiceEndpoints,
  VmServiceEntry,
  type VmServiceEntryProps,
} from 'meshvm';
import { aChart, aMesh, errorOf, problemsOf } from '../fixtures';
import { aGroup, entryProps, HTTP_PORT, refusal } from './service-entry-props';

const { HTTP, HTTPS, TCP, TLS, REDIS } = ServiceEntryProtocol;

describe('VmServiceEntry', () => {
  test('gives the machines of a group a name that is no Service', () => {
    const chart = aChart();
    const endpoints = VmServiceEndpoints.group(aGroup(chart, { version: 'v2', labels: { team: 'a' } }));
    const ports = [{ name: 'web', port: 80, protocol: HTTP, targetPort: 8080 }];
    const entry = new VmServiceEntry(chart, 'legacy-name', entryProps({ endpoints, ports }));
    expect(Testing.synth(chart).at(-1)).toStrictEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: 'legacy-name', namespace: 'payments' },
      spec: {
        hosts: ['pay.example.com'],
        ports: [{ name: 'web', number: 80, protocol: 'HTTP', targetPort: 8080 }],
        location: 'MESH_INTERNAL',
        resolution: 'STATIC',
        workloadSelector: { labels: { app: 'shop', version: 'v2' } },
      },
    });
    expect([entry.entryName, entry.namespace, entry.hosts]).toStrictEqual([
      'legacy-name',
      'payments',
      ['pay.example.com'],
    ]);
  });

  test('stands in the namespace of the group', () => {
    const chart = aChart();
    const group = aGroup(chart, { namespace: GroupNamespace.create('vms') });
    const entry = new VmServiceEntry(
      chart,
      'pay',
      entryProps({ endpoints: VmServiceEndpoints.group(group), ports: [{ ...HTTP_PORT }] }),
    );
    expect(entry.namespace).toBe('vms');
  });

  test('lists endpoints with all that Istio knows of them', () => {
    const chart = aChart();
    const endpoint: VmServiceEndpoint = {
      address: '10.0.0.7',
      ports: { http: 8080 },
      labels: { tier: 'a' },
      network: 'dc-1',
      locality: Locality.of('eu-west-1'),
      weight: 3,
      serviceAccount: 'db',
    };
    const props = entryProps({
      name: 'db',
      namespace: 'data',
      addresses: ['240.0.0.1', '10.9.0.0/24'],
      location: ServiceEntryLocation.MESH_INTERNAL,
      exportTo: ['.', 'shop'],
      subjectAltNames: ['spiffe://acme/ns/data/sa/db'],
      labels: { team: 'a' },
      annotations: { note: 'x' },
      endpoints: VmServiceEndpoints.static([endpoint, { address: 'fd00::7' }]),
    });
    new VmServiceEntry(chart, 'id', props);
    expect(Testing.synth(chart)).toStrictEqual([
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'ServiceEntry',
        metadata: { name: 'db', namespace: 'data', labels: { team: 'a' }, annotations: { note: 'x' } },
        spec: {
          hosts: ['pay.example.com'],
          addresses: ['240.0.0.1', '10.9.0.0/24'],
          ports: [{ name: 'http', number: 80, protocol: 'HTTP' }],
          location: 'MESH_INTERNAL',
          resolution: 'STATIC',
          endpoints: [
            {
              address: '10.0.0.7',
              ports: { http: 8080 },
              labels: { tier: 'a' },
              network: 'dc-1',
              locality: 'eu-west-1',
              weight: 3,
              serviceAccount: 'db',
            },
            { address: 'fd00::7' },
          ],
          exportTo: ['.', 'shop'],
          subjectAltNames: ['spiffe://acme/ns/data/sa/db'],
        },
      },
    ]);
  });

  test.each<[string, Partial<VmServiceEntryProps>, readonly string[]]>([
    ['no host', { hosts: [] }, ['hosts [service-entry/no-hosts]']],
    ['every host', { hosts: ['*'] }, ['hosts[0] [service-entry/host]']],
    ['an IP address as host', { hosts: ['10.0.0.1'] }, ['hosts[0] [service-entry/host]']],
    ['an empty host', { hosts: [''] }, ['hosts[0] [property/required]']],
    ['a wildcard to be resolved', { hosts: ['*.example.com'] }, ['hosts[0] [service-entry/host-not-resolvable]']],
    [
      'a wildcard within a label',
      { hosts: ['*pay.example.com'], endpoints: VmServiceEndpoints.passthrough() },
      ['hosts[0] [service-entry/host-partial-wildcard]'],
    ],
    ['a host twice', { hosts: ['a.b', 'A.b'] }, ['hosts[1] [service-entry/host-twice]']],
    [
      'a host twice, once with the dot of the root',
      { hosts: ['a.b', 'A.b.'] },
      ['hosts[1] [service-entry/host-twice]'],
    ],
    ['no port', { ports: [] }, ['ports [service-entry/no-ports]']],
    ['a port name with a dot', { ports: [{ ...HTTP_PORT, name: 'a.b' }] }, ['ports[0].name [service-entry/port-name]']],
    ['a port out of range', { ports: [{ ...HTTP_PORT, port: 0 }] }, ['ports[0].port [port/number]']],
    [
      'a target port out of range',
      { ports: [{ ...HTTP_PORT, targetPort: 65536 }] },
      ['ports[0].targetPort [port/number]'],
    ],
    [
      'two ports alike',
      { ports: [HTTP_PORT, HTTP_PORT] },
      ['ports[1].name [service-entry/port-twice]', 'ports[1].port [service-entry/port-twice]'],
    ],
    [
      'a protocol that nobody knows',
      { ports: [{ ...HTTP_PORT, protocol: 'QUIC' as ServiceEntryProtocol }] },
      ['ports[0].protocol [shape/value]'],
    ],
    [
      'a protocol that proxies do not carry',
      { ports: [{ ...HTTP_PORT, protocol: 'UDP' as ServiceEntryProtocol }] },
      ['ports[0].protocol [shape/value]'],
    ],
    [
      'hosts that only an address could tell apart',
      { hosts: ['a.b', 'c.d'], ports: [{ ...HTTP_PORT, protocol: TCP }] },
      ['ports[0].protocol [service-entry/hosts-indistinct]'],
    ],
    [
      'TLS hosts behind one address that are resolved',
      { hosts: ['a.b', 'c.d'], addresses: ['240.0.0.1'], ports: [{ ...HTTP_PORT, protocol: HTTPS }] },
      ['ports[0].protocol [service-entry/hosts-behind-one-address]'],
    ],
    ['a host name as address', { addresses: ['a.b'] }, ['addresses[0] [service-entry/address]']],
    ['an address with a zone', { addresses: ['fe80::1%eth0'] }, ['addresses[0] [service-entry/address-unusable]']],
    ['no address at all', { addresses: ['0.0.0.0'] }, ['addresses[0] [service-entry/address-catch-all]']],
    [
      'a range of half the Internet',
      { addresses: ['128.0.0.0/1'], endpoints: VmServiceEndpoints.passthrough() },
      ['addresses[0] [service-entry/address-catch-all]'],
    ],
    [
      'a range with host bits',
      { addresses: ['10.0.0.1/16'], endpoints: VmServiceEndpoints.passthrough() },
      ['addresses[0] [service-entry/address-unusable]'],
    ],
    [
      'a range where names are resolved',
      { addresses: ['10.0.0.0/16'] },
      ['addresses[0] [service-entry/address-range-needs-known-addresses]'],
    ],
    ['a location that is none', { location: 'INSIDE' as ServiceEntryLocation }, ['location [shape/value]']],
    ['a name that is none', { name: 'A' }, ['name [name/dns-subdomain]']],
    ['a namespace that is none', { namespace: 'a.b' }, ['namespace [name/dns-label]']],
    ['a label that is none', { labels: { a: 'b c' } }, ['labels["a"] [label/value]']],
    [
      'an annotation of Istio',
      { annotations: { 'istio.io/dry-run': 'true' } },
      ['annotations["istio.io/dry-run"] [annotation/forbidden]'],
    ],
    ['an empty certificate name', { subjectAltNames: [''] }, ['subjectAltNames[0] [property/required]']],
    ['an export to what is no namespace', { exportTo: ['a b'] }, ['exportTo[0] [service-entry/export-to]']],
    ['an export to capitals', { exportTo: ['Shop'] }, ['exportTo[0] [service-entry/export-to-no-namespace]']],
    ['an export twice', { exportTo: ['.', 'payments'] }, ['exportTo[1] [service-entry/export-to-twice]']],
    ['an export to all and some', { exportTo: ['shop', '*'] }, ['exportTo[1] [service-entry/export-to-alone]']],
    ['an export that says nothing', { exportTo: [] }, ['exportTo [service-entry/export-to-empty]']],
    [
      'more hosts than the CRD takes',
      { hosts: Array.from({ length: 257 }, (_, index) => `h${index}.example`) },
      ['hosts [service-entry/too-many]'],
    ],
  ])('refuses %s', (_what, props, expected) => {
    expect(refusal(props)).toStrictEqual(expected);
  });

  test.each<[string, Partial<VmServiceEntryProps>, readonly string[]]>([
    ['an address', { addresses: ['240.0.0.1'] }, ['addresses [service-entry/dynamic-dns-addresses]']],
    ['a host in full', { hosts: ['a.b'] }, ['hosts[0] [service-entry/host-not-wildcard]']],
    [
      'HTTPS',
      { ports: [{ ...HTTP_PORT, protocol: HTTPS }] },
      ['ports[0].protocol [service-entry/dynamic-dns-protocol]'],
    ],
    [
      'a target port',
      { ports: [{ ...HTTP_PORT, targetPort: 81 }] },
      ['ports[0].targetPort [service-entry/dynamic-dns-target-port]'],
    ],
    [
      'a waypoint inside the mesh',
      { labels: { 'istio.io/use-waypoint': 'w' }, location: ServiceEntryLocation.MESH_INTERNAL },
      ['location [service-entry/dynamic-dns-waypoint]'],
    ],
  ])('with dynamicDns refuses %s', (_what, props, expected) => {
    expect(refusal({ endpoints: VmServiceEndpoints.dynamicDns(), hosts: ['*.b'], ...props })).toStrictEqual(expected);
  });

  describe('TCP without addresses', () => {
    const ports = [{ name: 'redis', port: 6379, protocol: REDIS }];
    const expected = ['ports[0].protocol [service-entry/tcp-needs-address]'];

    test('is good where proxies get addresses allocated', () => {
      expect(() => new VmServiceEntry(aChart(), 'pay', entryProps({ ports }))).not.toThrow();
    });

    test.each<[string, Partial<VmServiceEntryProps>]>([
      ['nobody allocates them', { mesh: aMesh({ proxy: { dnsAutoAllocate: false } }) }],
      ['nobody answers with them', { mesh: aMesh({ proxy: { dnsCapture: false } }) }],
      ['the entry wants none', { labels: { 'networking.istio.io/enable-autoallocate-ip': 'False' } }],
      ['connections pass through', { endpoints: VmServiceEndpoints.passthrough() }],
      [
        'the host is a wildcard',
        { hosts: ['*.corp'], endpoints: VmServiceEndpoints.static([{ address: '10.0.0.1' }]) },
      ],
    ])('is refused where %s', (_where, props) => {
      expect(refusal({ ports, ...props })).toStrictEqual(expected);
      expect(
        () => new VmServiceEntry(aChart(), 'pay', entryProps({ ports, ...props, addresses: ['240.0.0.1'] })),
      ).not.toThrow();
    });

    test('does not concern TLS, which names its host', () => {
      const mesh = aMesh({ proxy: { dnsCapture: false } });
      const tls = [{ name: 'tls', port: 443, protocol: TLS }];
      expect(() => new VmServiceEntry(aChart(), 'pay', entryProps({ mesh, ports: tls }))).not.toThrow();
    });
  });

  test.each<[string, object, readonly string[]]>([
    ['a string where a list belongs', { hosts: 'pay.example.com' }, ['hosts [shape/type]']],
    ['no endpoints at all', { endpoints: undefined }, ['endpoints [shape/missing]']],
    [
      'a locality as a string',
      { endpoints: { staticEndpoints: [{ address: '10.0.0.7', locality: 'eu-west-1' }] } },
      ['endpoints.staticEndpoints[0].locality [shape/type]'],
    ],
  ])('refuses %s', (_what, wrong, expected) => {
    expect(refusal(wrong)).toStrictEqual(expected);
  });

  test('says which property an unknown one may be meant for', () => {
    const wrong = { ...entryProps(), exportsTo: ['.'] };
    expect(errorOf(() => new VmServiceEntry(aChart(), 'pay', wrong)).problems).toMatchObject([
      { id: 'shape/unknown-property', property: 'exportsTo', remedy: 'did you mean exportTo?' },
    ]);
  });

  test.each([
    ['pay.example.com.', 'pay.example.com'],
    ['pay.example.com', 'PAY.example.com.'],
  ])('refuses %s after %s, which is the same host', (second, first) => {
    const chart = aChart();
    new VmServiceEntry(chart, 'a', entryProps({ hosts: [first] }));
    expect(problemsOf(() => new VmServiceEntry(chart, 'b', entryProps({ hosts: [second] })))).toStrictEqual([
      'hosts[0] [service-entry/host-twice]',
    ]);
  });

  test('refuses a host that another entry of the namespace has', () => {
    const chart = aChart();
    new VmServiceEntry(chart, 'a', entryProps());
    const error = errorOf(() => new VmServiceEntry(chart, 'b', entryProps({ hosts: ['PAY.example.com'] })));
    expect(error.problems).toMatchObject([
      { id: 'service-entry/host-twice', property: 'hosts[0]', allowed: 'hosts other than those of payments/a' },
    ]);
    expect(() => new VmServiceEntry(chart, 'c', entryProps({ namespace: 'other' }))).not.toThrow();
  });
});
