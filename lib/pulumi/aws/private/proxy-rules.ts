import type * as pulumi from '@pulumi/pulumi';
import type { ForwardingProxyPeersArgs } from '../forwarding-proxy-args';
import type { SecurityGroupPeerArgs } from '../security-group-args';
import { placedPeers, Rules, type SecurityGroupRule, several } from './security-group-rules';

/** What the rules of proxies follow from. */
export interface ProxyRulesProps {
  /** Ports that take clients. */
  readonly listenPorts: readonly number[];
  readonly gatewayPorts: readonly number[];
  readonly metricsPort: number | undefined;
  /** Ports of what is downloaded. */
  readonly downloadPorts: readonly number[];
  /** From where clients come. */
  readonly clients: readonly SecurityGroupPeerArgs[];
  readonly peers: Pick<ForwardingProxyPeersArgs, 'gateways' | 'metrics' | 'downloads' | 'outbound' | 'openPeers'>;
  /** The security group of the load balancer; undefined where clients' connections reach the proxies' own. */
  readonly loadBalancerSecurityGroupId: pulumi.Input<string> | undefined;
}

/** Every rule by its id: of the proxies' security group, of the load balancer's, and those that gateways need to admit proxies. */
export function proxyRules(props: ProxyRulesProps): Readonly<Record<string, SecurityGroupRule>> {
  const { clients, peers, metricsPort, loadBalancerSecurityGroupId: balancer } = props;
  const { metrics = [], downloads = [], outbound = [], openPeers = true } = peers;
  const rules = new Rules(openPeers);
  const ranges = (ports: readonly number[]) => ports.map((port) => several({ from: port }));
  const listening = ranges(props.listenPorts);
  const ofClients = 'Clients of the forwarding proxies';
  rules.oneSided('ingress', 'clients', placedPeers('peers.clients', clients), listening, ofClients, balancer);
  if (balancer !== undefined) {
    const description = 'The load balancer passes connections of clients on, and looks whether proxies take any';
    rules.oneSided('ingress', 'balancer', [{ peer: { securityGroupId: balancer } }], listening, description);
    for (const { fromPort, toPort, suffix } of listening) {
      const rule = { direction: 'egress', securityGroupId: balancer, peer: undefined, fromPort, toPort } as const;
      rules.add(`targets${suffix}`, { ...rule, description });
    }
  }
  const monitored = metricsPort === undefined ? [] : [metricsPort];
  const readers = placedPeers('peers.metrics', metrics);
  rules.oneSided('ingress', 'metrics', readers, ranges(monitored), 'Metrics of the forwarding proxies');
  const intoMesh = 'Forwarding proxies call services of the mesh through an east-west gateway';
  rules.out('gateways', placedPeers('peers.gateways', peers.gateways), ranges(props.gatewayPorts), intoMesh);
  const sources = placedPeers('peers.downloads', downloads);
  rules.oneSided('egress', 'downloads', sources, ranges(props.downloadPorts), 'Proxies download Envoy by checksum');
  outbound.forEach(({ description, peers, ports }, index) => {
    const placed = placedPeers(`peers.outbound[${index}].peers`, peers);
    rules.oneSided('egress', `outbound-${index}`, placed, ports.map(several), description);
  });
  return rules.all;
}
