import { Testing } from 'cdk8s';
import {
  ControlPlane,
  EastWestGateway,
  EgressDestination,
  EgressScope,
  GroupNamespace,
  LoadBalancer,
  MeshVmGroup,
  OutboundTraffic,
  ServiceEntryProtocol,
  TrafficPolicy,
  TrafficTarget,
  VmServiceEndpoints,
  VmServiceEntry,
} from 'meshvm';
import { aChart, aMesh, groupProps, problemsOf } from '../fixtures';

/** A cluster whose Services do not end in cluster.local: its domain stands in the Mesh, and everything takes it from there. */
const DOMAIN = 'k8s.acme.internal';
const mesh = aMesh({ clusterDomain: DOMAIN });
const connectionPool = { tcp: { maxConnections: 10 } };
const ports = [{ name: 'http', port: 80 }];

function aGroup(chart = aChart()) {
  const group = new MeshVmGroup(chart, 'shop', groupProps({ mesh, namespace: GroupNamespace.existing() }));
  return { chart, group };
}

function hostsIn(objects: readonly unknown[]): readonly string[] {
  const names = JSON.stringify(objects).match(/[\w.*-]+\.(?:cluster\.local|acme\.internal)/g) ?? [];
  return [...new Set(names)];
}

test('the hosts of a group, what traffic and scopes are about, and istiod end in it', () => {
  const { chart, group } = aGroup();
  new TrafficPolicy(chart, 'own', { target: TrafficTarget.group(group), connectionPool });
  new TrafficPolicy(chart, 'other', { target: TrafficTarget.service('rates', { ports }), connectionPool });
  new EgressScope(chart, 'scope', {
    group,
    destinations: [EgressDestination.service('rates', 'market')],
    outbound: OutboundTraffic.REGISTRY_ONLY,
  });
  expect(group.serviceHosts).toStrictEqual([`shop.payments.svc.${DOMAIN}`]);
  expect(hostsIn(Testing.synth(chart)).filter((host) => !host.startsWith('istiod'))).toStrictEqual([
    `shop.payments.svc.${DOMAIN}`,
    `rates.payments.svc.${DOMAIN}`,
    `rates.market.svc.${DOMAIN}`,
  ]);
  expect(mesh.istiodServiceHost).toBe(`istiod.istio-system.svc.${DOMAIN}`);
});

test('a gateway names the mesh as a group does', () => {
  const chart = aChart();
  new EastWestGateway(chart, 'gateway', { mesh, loadBalancer: LoadBalancer.metalLb() });
  const target = TrafficTarget.service('rates', { ports });
  const policy = new TrafficPolicy(chart, 'policy', { target, connectionPool });
  expect(policy.hosts).toStrictEqual([`rates.payments.svc.${DOMAIN}`]);
});

test('a Service that is called before the mesh is named is told when the program is complete', () => {
  const chart = aChart();
  new TrafficPolicy(chart, 'early', { target: TrafficTarget.service('rates', { ports }), connectionPool });
  aGroup(chart);
  expect(() => Testing.synth(chart)).toThrow(
    /target\.service: "cluster\.local" is not allowed \[mesh\/other-cluster-domain\]\n +allowed: the domain k8s\.acme\.internal, which the mesh of payments\/shop has/,
  );
});

test('a ServiceEntry may not have the host of a Service of the program', () => {
  const { chart, group } = aGroup();
  const entry = () =>
    new VmServiceEntry(chart, 'entry', {
      mesh,
      hosts: group.serviceHosts,
      ports: [{ name: 'http', port: 80, protocol: ServiceEntryProtocol.HTTP }],
      endpoints: VmServiceEndpoints.group(group),
    });
  expect(problemsOf(entry).join('\n')).toContain('hosts[0]');
});

test('istiod is installed with it, and values that say it again are refused', () => {
  const values = new ControlPlane({ mesh }).helmValues.istiod as { readonly global: { readonly proxy: object } };
  expect(values.global.proxy).toStrictEqual({ clusterDomain: DOMAIN });
  const again = () => new ControlPlane({ mesh, istiodValues: { global: { proxy: { clusterDomain: DOMAIN } } } });
  expect(problemsOf(again)).toStrictEqual(['istiodValues.global.proxy.clusterDomain [control-plane/value-owned]']);
});

test.each(['', 'Acme.internal', 'acme.internal.', '.acme', 'a b'])('%j is no domain of a cluster', (clusterDomain) => {
  expect(problemsOf(() => aMesh({ clusterDomain }))).toStrictEqual(['clusterDomain [mesh/cluster-domain]']);
});
