import { Chart } from 'cdk8s';
import fc from 'fast-check';
import { Mesh, MeshVmGroup, MutualTls, MutualTlsMode, type MutualTlsProps, Network, WorkloadTarget } from 'meshvm';
import { peerAuthentication } from '../../../lib/access/manifests/peer-authentication';
import { resolveMutualTls } from '../../../lib/access/private/mutual-tls';
import { type Subject, TRIAL_NAMESPACE } from './differential';
import * as value from './values';

const mesh = new Mesh({ meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1' });

const mode = value.mostly(
  fc.constantFrom(...Object.values(MutualTlsMode)),
  fc.constantFrom('strict', '', 'ISTIO_MUTUAL').map((text) => text as MutualTlsMode),
);
// Of two modes of one port the cluster sees only the second: nothing to compare.
const ports = fc.uniqueArray(fc.record({ port: value.mostly(fc.constantFrom(8080, 9090), value.port, 6), mode }), {
  maxLength: 2,
  selector: ({ port }) => port,
});
const policyProps = fc.record({
  target: fc.constantFrom('group' as const, 'group' as const, 'namespace' as const, 'mesh' as const),
  version: value.goodName,
  name: value.maybe(value.name),
  mode: value.maybe(mode),
  ports: value.mostly(fc.oneof(ports, fc.constant(undefined)), ports),
});

type Raw<A> = A extends fc.Arbitrary<infer T> ? T : never;

function propsOf({ target, name, mode, ports }: Raw<typeof policyProps>, group: MeshVmGroup): MutualTlsProps {
  const targets = {
    group: () => WorkloadTarget.group(group),
    namespace: () => WorkloadTarget.namespace(),
    mesh: () => WorkloadTarget.mesh(),
  };
  return { mesh, target: targets[target](), name, mode, ports };
}

/** MutualTls. */
export const mutualTls: Subject<Raw<typeof policyProps>> = {
  name: 'MutualTls',
  props: policyProps,
  confirms: ['mutual-tls/port-without-selector', 'name/dns-subdomain', 'port/number'],
  construct(chart, props) {
    const machines = new Chart(chart.node.root, 'machines', { namespace: TRIAL_NAMESPACE });
    const group = new MeshVmGroup(machines, 'shop', {
      mesh,
      version: props.version,
      ports: [
        { name: 'http', port: 8080 },
        { name: 'grpc', port: 9090 },
      ],
      network: Network.flat(['10.20.0.0/16']),
    });
    new MutualTls(chart, 'mtls', propsOf(props, group));
  },
  build(props) {
    const labels = { app: 'shop', version: props.version };
    const group = { labels, namespace: TRIAL_NAMESPACE, groupName: 'shop', node: { path: 'shop' } };
    return [peerAuthentication(resolveMutualTls(propsOf(props, group as unknown as MeshVmGroup), TRIAL_NAMESPACE))];
  },
};
