import { Chart } from 'cdk8s';
import fc from 'fast-check';
import {
  Locality,
  Mesh,
  MeshVmGroup,
  Network,
  ServiceEntryLocation,
  type ServiceEntryPort,
  ServiceEntryProtocol,
  type VmServiceEndpoint,
  VmServiceEndpoints,
  VmServiceEntry,
  type VmServiceEntryProps,
} from 'meshvm';
import { serviceEntry } from '../../../lib/service-entry/manifests/service-entry';
import { resolveServiceEntry } from '../../../lib/service-entry/resolve-service-entry';
import { type Subject, TRIAL_NAMESPACE } from './differential';
import * as value from './values';

const mesh = new Mesh({ meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1' });
const withoutAllocation = new Mesh({
  meshId: 'acme',
  clusterName: 'prod-eu',
  network: 'vpc-prod',
  istioVersion: '1.31.1',
  proxy: { dnsAutoAllocate: false },
});

const goodHost = fc.constantFrom('db.example.com', 'payments.corp', 'a.b.c.example.com', 'UP.example.com', 'single');
const wildcardHost = fc.constantFrom('*.example.com', '*.corp');
const badHost = fc.constantFrom(
  ...[
    '',
    '*',
    '*.',
    '*a.example.com',
    '*-a.example.com',
    '**.a',
    'a.*.b',
    'a..b',
    '.a',
    'a.',
    'a_b.example.com',
    'a b',
  ],
  ...[
    '10.0.0.1',
    'a.1',
    '7',
    '-a.b',
    'a-.b',
    'ü.example',
    `${'x'.repeat(64)}.b`,
    `${'xy.'.repeat(85)}z`,
    'https://a.b',
  ],
);
const address = value.mostly(
  fc.oneof(
    fc.ipV4().filter((ip) => ip !== '0.0.0.0'),
    fc.constantFrom('fd00::1', '240.0.0.1'),
  ),
  fc.constantFrom(
    '',
    'db.example.com',
    '10.0.0',
    '::',
    '0.0.0.0/0',
    '10.0.0.1/16',
    'fe80::1%eth0',
    '::%',
    '1.2.3.4/33',
  ),
  12,
);
const range = fc.constantFrom('10.0.0.0/16', 'fd00::/64', '10.0.0.7/32');

const protocol = fc.constantFrom(...Object.values(ServiceEntryProtocol));
const portName = value.mostly(
  fc.constantFrom('http', 'web', 'tcp-x', 'Admin', '9'),
  fc.constantFrom('', 'a_b', 'a.b', '-a', 'x'.repeat(62), 'x'.repeat(63), 'x'.repeat(64)),
);
const port: fc.Arbitrary<ServiceEntryPort> = fc.record({
  name: portName,
  port: value.port,
  protocol,
  targetPort: value.maybe(value.port),
});
const dynamicPort: fc.Arbitrary<ServiceEntryPort> = fc.record({
  name: portName,
  port: value.port,
  protocol: value.mostly(fc.constantFrom(ServiceEntryProtocol.HTTP, ServiceEntryProtocol.TLS), protocol, 6),
});

const endpoint: fc.Arbitrary<VmServiceEndpoint> = fc.record({
  address: value.ipAddress,
  ports: value.maybe(
    fc.dictionary(value.mostly(fc.constantFrom('http', 'web'), fc.constantFrom('nope', 'x'.repeat(63))), value.port, {
      maxKeys: 1,
    }),
  ),
  labels: value.maybe(value.labels),
  network: value.maybe(value.network),
  locality: value.maybe(fc.constant(Locality.of('eu-west-1'))),
  weight: value.maybe(value.mostly(fc.integer({ min: 1, max: 65535 }), fc.constantFrom(0, -1, 2 ** 32, 1.5))),
  serviceAccount: value.maybe(value.name),
});
const dnsEndpoint = fc.record({
  endpoint,
  host: value.mostly(goodHost, fc.oneof(wildcardHost, badHost), 6),
  named: fc.boolean(),
});
const resolvable = dnsEndpoint.map(({ endpoint, host, named }) => (named ? { ...endpoint, address: host } : endpoint));
const selector = value.mostly(
  value.labels,
  fc.constantFrom<Record<string, string>>({ app: '*' }, { 'a*': 'b' }, { '': 'b' }, {}),
  8,
);

/** What stands behind the hosts, and hosts and ports that mostly go with it. */
const kinds = fc.oneof(
  kind(fc.constant('group' as const), goodHost, [], port),
  kind(selector.map(VmServiceEndpoints.fromLabels), goodHost, [], port),
  kind(fewOf(endpoint).map(VmServiceEndpoints.static), fc.oneof(goodHost, wildcardHost), [range], port),
  kind(fewOf(resolvable).map(VmServiceEndpoints.dns), fc.oneof(goodHost, wildcardHost), [], port),
  kind(value.maybe(resolvable).map(VmServiceEndpoints.dnsRoundRobin), goodHost, [], port),
  kind(fc.constant(VmServiceEndpoints.resolveHosts()), goodHost, [], port),
  kind(fc.constant(VmServiceEndpoints.passthrough()), fc.oneof(goodHost, wildcardHost), [range], port),
  kind(fc.constant(VmServiceEndpoints.dynamicDns()), value.mostly(wildcardHost, goodHost, 8), [], dynamicPort),
);

/** One as a rule, sometimes two, seldom none. */
function fewOf<T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.oneof(
    { weight: 12, arbitrary: fc.array(one, { minLength: 1, maxLength: 1 }) },
    { weight: 6, arbitrary: fc.array(one, { minLength: 2, maxLength: 2 }) },
    { weight: 1, arbitrary: fc.constant<T[]>([]) },
  );
}

function kind<E>(
  ends: fc.Arbitrary<E>,
  hosts: fc.Arbitrary<string>,
  ranges: readonly fc.Arbitrary<string>[],
  ports: fc.Arbitrary<ServiceEntryPort>,
) {
  return fc.record({
    endpoints: ends,
    hosts: fewOf(value.mostly(hosts, fc.oneof(badHost, wildcardHost))),
    addresses: value.maybe(fewOf(value.mostly(fc.oneof(address, ...ranges), range))),
    ports: fewOf(ports),
  });
}

const entryProps = fc.record({
  kind: kinds,
  mesh: value.mostly(fc.constant(mesh), fc.constant(withoutAllocation), 4),
  name: value.maybe(value.name),
  location: value.maybe(fc.constantFrom(...Object.values(ServiceEntryLocation))),
  exportTo: value.maybe(
    fc.array(
      value.mostly(fc.constantFrom('.', 'shop', 'a1'), fc.constantFrom('*', '~', '', 'A', 'a b', TRIAL_NAMESPACE), 8),
      {
        maxLength: 2,
      },
    ),
  ),
  subjectAltNames: value.maybe(fc.constantFrom(['spiffe://a/ns/b/sa/c'], ['a.b'], [])),
  labels: value.maybe(
    fc.oneof(
      value.labels,
      fc.constantFrom<Record<string, string>>(
        { 'istio.io/use-waypoint': 'w' },
        { 'networking.istio.io/enable-autoallocate-ip': 'false' },
      ),
    ),
  ),
  annotations: value.maybe(value.annotations),
});

type Raw<A> = A extends fc.Arbitrary<infer T> ? T : never;

function propsOf({ kind, ...common }: Raw<typeof entryProps>, group: MeshVmGroup): VmServiceEntryProps {
  if (kind.endpoints !== 'group') return { ...common, ...kind, endpoints: kind.endpoints };
  // Mostly a port that the group serves.
  const ports = kind.ports.map((port) => ({ ...port, targetPort: port.targetPort && 8080 }));
  return { ...common, ...kind, ports, endpoints: VmServiceEndpoints.group(group) };
}

/** A group of the same program, its objects in a chart of their own. */
function aGroup(chart: Chart): MeshVmGroup {
  return new MeshVmGroup(new Chart(chart.node.root, 'machines', { namespace: TRIAL_NAMESPACE }), 'shop', {
    mesh,
    ports: [{ name: 'http', port: 8080 }],
    services: [],
    network: Network.flat(['10.20.0.0/16']),
  });
}

/** A name that a port of a ServiceEntry may have, and a port of an endpoint may not. */
const LONG_PORT_NAME: Raw<typeof entryProps> = {
  kind: {
    endpoints: VmServiceEndpoints.static([{ address: '10.20.0.9', ports: { ['x'.repeat(63)]: 80 } }]),
    hosts: ['shop.example.com'],
    addresses: undefined,
    ports: [{ name: 'x'.repeat(63), port: 80, protocol: ServiceEntryProtocol.HTTP }],
  },
  mesh,
  name: undefined,
  location: undefined,
  exportTo: undefined,
  subjectAltNames: undefined,
  labels: undefined,
  annotations: undefined,
};

/** VmServiceEntry. */
export const vmServiceEntry: Subject<Raw<typeof entryProps>> = {
  name: 'VmServiceEntry',
  props: entryProps,
  examples: [LONG_PORT_NAME],
  confirms: [
    'annotation/forbidden',
    'annotation/key',
    'label/key',
    'label/machine',
    'label/value',
    'name/dns-subdomain',
    'name/host',
    'port/number',
    'service-entry/address',
    'service-entry/address-range-needs-known-addresses',
    'service-entry/dynamic-dns-addresses',
    'service-entry/dynamic-dns-protocol',
    'service-entry/dynamic-dns-waypoint',
    'service-entry/endpoint-address-not-ip',
    'service-entry/endpoint-port-name-length',
    'service-entry/endpoint-port-unknown',
    'service-entry/export-to',
    'service-entry/export-to-alone',
    'service-entry/export-to-twice',
    'service-entry/host',
    'service-entry/host-not-resolvable',
    'service-entry/host-not-wildcard',
    'service-entry/hosts-indistinct',
    'service-entry/no-hosts',
    'service-entry/port-name',
    'service-entry/port-twice',
    'service-entry/selector-wildcard',
  ],
  construct(chart, props) {
    new VmServiceEntry(chart, 'entry', propsOf(props, aGroup(chart)));
  },
  build(props) {
    const group = { labels: { app: 'shop', version: 'latest' }, namespace: TRIAL_NAMESPACE, node: { path: 'shop' } };
    return [
      serviceEntry(resolveServiceEntry(propsOf(props, group as unknown as MeshVmGroup), 'entry', TRIAL_NAMESPACE)),
    ];
  },
};
