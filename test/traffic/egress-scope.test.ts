import { type Chart, Testing } from 'cdk8s';
import {
  EgressDestination,
  EgressScope,
  type EgressScopeProps,
  GroupNamespace,
  MeshVm,
  MeshVmGroup,
  type MeshVmGroupProps,
  OutboundTraffic,
  ServiceEntryProtocol,
  VmServiceEndpoints,
  VmServiceEntry,
} from 'meshvm';
import { aChart, aMesh, errorOf, groupProps, problemsOf } from '../fixtures';

const { REGISTRY_ONLY, ALLOW_ANY } = OutboundTraffic;

function aGroup(chart: Chart, props: Partial<MeshVmGroupProps> = {}, id = 'shop'): MeshVmGroup {
  return new MeshVmGroup(chart, id, groupProps({ namespace: GroupNamespace.existing(), ...props }));
}

/** Hosts that a group of namespace `payments` with Service `shop` sees. */
function hostsOf(destinations: (chart: Chart) => readonly EgressDestination[], own: Partial<MeshVmGroupProps> = {}) {
  const chart = aChart();
  const scope = { group: aGroup(chart, own), destinations: destinations(chart), outbound: REGISTRY_ONLY };
  new EgressScope(chart, 'egress', scope);
  return Testing.synth(chart).at(-1)?.spec.egress[0].hosts;
}

/** What is said of a scope. */
function refusal(props: Partial<EgressScopeProps>): readonly string[] {
  const chart = aChart();
  const scope = { group: aGroup(chart), destinations: [], outbound: ALLOW_ANY, ...props };
  return problemsOf(() => new EgressScope(chart, 'egress', scope));
}

describe('EgressScope', () => {
  test('is a Sidecar of the group, and keeps its own Service', () => {
    const chart = aChart();
    const group = aGroup(chart, { version: 'v2', labels: { team: 'a' } });
    const scope = new EgressScope(chart, 'egress', { group, destinations: [], outbound: REGISTRY_ONLY });
    expect(Testing.synth(chart).at(-1)).toStrictEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'Sidecar',
      metadata: { name: 'shop', namespace: 'payments' },
      spec: {
        workloadSelector: { labels: { app: 'shop', version: 'v2' } },
        egress: [{ hosts: ['./shop.payments.svc.cluster.local'] }],
        outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
      },
    });
    expect([scope.scopeName, scope.namespace]).toStrictEqual(['shop', 'payments']);
  });

  test.each<[string, (chart: Chart) => EgressDestination, string]>([
    [
      'a group',
      (chart) => EgressDestination.group(aGroup(chart, { namespace: GroupNamespace.create('bank') }, 'ledger')),
      'bank/ledger.bank.svc.cluster.local',
    ],
    [
      'a machine',
      (chart) =>
        EgressDestination.machine(
          new MeshVm(chart, 'db', { ...groupProps({ namespace: GroupNamespace.existing() }), address: '10.20.0.9' }),
        ),
      './db.payments.svc.cluster.local',
    ],
    [
      'a ServiceEntry',
      (chart) =>
        EgressDestination.serviceEntry(
          new VmServiceEntry(chart, 'bank', {
            mesh: aMesh(),
            namespace: 'egress',
            hosts: ['bank.example.com'],
            ports: [{ name: 'http', port: 80, protocol: ServiceEntryProtocol.HTTP }],
            endpoints: VmServiceEndpoints.resolveHosts(),
          }),
        ),
      'egress/bank.example.com',
    ],
    ['a Service', () => EgressDestination.service('web'), './web.payments.svc.cluster.local'],
    ['a Service elsewhere', () => EgressDestination.service('web', 'front'), 'front/web.front.svc.cluster.local'],
    ['a host', () => EgressDestination.host('api.example.com'), '*/api.example.com'],
    ['hosts', () => EgressDestination.host('*.example.com'), '*/*.example.com'],
    ['a namespace', () => EgressDestination.namespace('front'), 'front/*'],
  ])('knows %s', (_what, destination, expected) => {
    expect(hostsOf((chart) => [destination(chart)])).toStrictEqual(['./shop.payments.svc.cluster.local', expected]);
  });

  test('names nothing twice: istiod would warn', () => {
    expect(
      hostsOf(() => [
        EgressDestination.namespace(),
        EgressDestination.service('web'),
        EgressDestination.service('web', 'front'),
        EgressDestination.service('web', 'front'),
      ]),
    ).toStrictEqual(['./*', 'front/web.front.svc.cluster.local']);
  });

  test('keeps the Service of others that the machines stand behind', () => {
    expect(
      hostsOf(
        (chart) => {
          aGroup(chart, { version: 'v1' }, 'front');
          return [];
        },
        { canonicalService: 'front', version: 'v2', services: [] },
      ),
    ).toStrictEqual(['./front.payments.svc.cluster.local']);
  });

  test('of machines that serve and call nothing is empty', () => {
    expect(hostsOf(() => [], { services: [] })).toStrictEqual(['~/*']);
  });

  test.each<[string, Partial<EgressScopeProps>, readonly string[]]>([
    ['a name that is none', { name: 'A' }, ['name [name/dns-subdomain]']],
    ['a mode that is none', { outbound: 'x' as OutboundTraffic }, ['outbound [shape/value]']],
    ['a short host', { destinations: [EgressDestination.host('web')] }, ['destinations[0].host [egress/host]']],
    [
      'every host',
      { destinations: [EgressDestination.host('*')] },
      ['destinations[0].host [egress/no-namespace-of-that-name]'],
    ],
    [
      'a part of a wildcard',
      { destinations: [EgressDestination.host('*a.b')] },
      ['destinations[0].host [egress/host]'],
    ],
    [
      'a dot at the end',
      { destinations: [EgressDestination.host('a.b.')] },
      ['destinations[0].host [egress/host-ends-with-dot]'],
    ],
    [
      'a Service that is none',
      { destinations: [EgressDestination.service('a.b')] },
      ['destinations[0].service.name [traffic/service-name]'],
    ],
    [
      'a namespace that is none',
      { destinations: [EgressDestination.namespace('a.b')] },
      ['destinations[0].namespace [egress/namespace]'],
    ],
    [
      'all namespaces',
      { destinations: [EgressDestination.namespace('*')] },
      ['destinations[0].namespace [egress/no-namespace-of-that-name]'],
    ],
    [
      'to leave a namespace out',
      { destinations: [EgressDestination.namespace('~shop')] },
      ['destinations[0].namespace [egress/no-namespace-of-that-name]'],
    ],
    [
      'a namespace with capitals',
      { destinations: [EgressDestination.service('web', 'Shop')] },
      ['destinations[0].service.namespace [egress/no-namespace-of-that-name]'],
    ],
  ])('refuses %s', (_what, props, expected) => {
    expect(refusal(props)).toStrictEqual(expected);
  });

  test('refuses a group without Services as a destination', () => {
    const chart = aChart();
    const caller = aGroup(chart, { services: [] }, 'caller');
    const scope = { group: aGroup(chart), destinations: [EgressDestination.group(caller)], outbound: ALLOW_ANY };
    expect(problemsOf(() => new EgressScope(chart, 'egress', scope))).toStrictEqual([
      'destinations[0].group [egress/no-service]',
    ]);
  });

  test('refuses an entry whose host has no dot: no Sidecar can name it', () => {
    const chart = aChart();
    const entry = new VmServiceEntry(chart, 'bank', {
      mesh: aMesh(),
      hosts: ['bank'],
      ports: [{ name: 'http', port: 80, protocol: ServiceEntryProtocol.HTTP }],
      endpoints: VmServiceEndpoints.resolveHosts(),
    });
    const destinations = [EgressDestination.serviceEntry(entry)];
    const scope = { group: aGroup(chart), destinations, outbound: ALLOW_ANY };
    expect(problemsOf(() => new EgressScope(chart, 'egress', scope))).toStrictEqual([
      'destinations[0].serviceEntry [egress/host]',
    ]);
  });

  test('refuses a second scope of a group, whatever its name', () => {
    const chart = aChart();
    const group = aGroup(chart);
    new EgressScope(chart, 'first', { group, destinations: [], outbound: ALLOW_ANY });
    const error = errorOf(
      () => new EgressScope(chart, 'second', { group, destinations: [], outbound: ALLOW_ANY, name: 'other' }),
    );
    expect(error.problems).toMatchObject([
      { id: 'egress/scope-twice', property: 'group', allowed: 'groups other than that of payments/first' },
    ]);
  });
});
