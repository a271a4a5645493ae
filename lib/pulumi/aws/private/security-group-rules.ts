import type * as pulumi from '@pulumi/pulumi';
import type { PortRangeArgs, SecurityGroupPeerArgs, SecurityGroupPeersArgs } from '../security-group-args';
import type { Elsewhere } from './elsewhere';

/** What the rules of machines' security group follow from. */
export interface SecurityGroupRulesProps {
  /** The cluster security group. */
  readonly clusterSecurityGroupId: pulumi.Input<string>;
  /** Where the cluster lies, with its pods and gateways; undefined when it is where the machines are. */
  readonly clusterElsewhere?: Elsewhere;
  /** TCP ports of the group's machines. */
  readonly ports: readonly number[];
  /** Whether the machines stand in a network of their own (`network.behindGateway`). */
  readonly behindGateway: boolean;
  /** Of the machines' image. */
  readonly image: { readonly preinstalled: boolean; readonly httpMirrors: boolean };
  /** Whether machines answer lifecycle hooks. */
  readonly lifecycle: boolean;
  /** Whether machines can be managed by Systems Manager. */
  readonly ssm: boolean;
  readonly peers: SecurityGroupPeersArgs;
}

/** The other side of a rule. */
export type SecurityGroupPeer = Omit<SecurityGroupPeerArgs, 'provider'>;

/** A security group that does not, or may not, lie where the component is. */
export interface ForeignGroup {
  readonly elsewhere: Elsewhere;
  /** The argument that names it. */
  readonly path: string;
}

/** A peer, and where it lies. */
export interface PlacedPeer extends Pick<SecurityGroupRule, 'foreign'> {
  readonly peer: SecurityGroupPeer;
}

/** A rule over TCP. */
export interface SecurityGroupRule {
  readonly direction: 'ingress' | 'egress';
  /** The security group that has the rule; undefined for that of the machines. */
  readonly securityGroupId: pulumi.Input<string> | undefined;
  /** The other side; undefined for the machines. */
  readonly peer: SecurityGroupPeer | undefined;
  /** Of a rule between security groups: where that lies which is not the component's; undefined when it lies where the component is. */
  readonly foreign?: ForeignGroup;
  readonly fromPort: number;
  readonly toPort: number;
  /** Why there is the rule: at most 255 characters of those that AWS admits. */
  readonly description: string;
}

/** Port of the gateway at which machines reach istiod. */
const ISTIOD_PORT = 15012;
/** Port of a gateway at which sidecars of other networks reach services. */
const SERVICES_PORT = 15443;
/** Port of the sidecar that answers health checks, outside of the capture. */
const HEALTH_PORT = 15021;
const EVERYWHERE: readonly SecurityGroupPeerArgs[] = [{ cidrIpv4: '0.0.0.0/0' }];

/** Every rule by its id: what the mesh needs, and nothing else. */
export function securityGroupRules(props: SecurityGroupRulesProps): Readonly<Record<string, SecurityGroupRule>> {
  const { clusterSecurityGroupId, clusterElsewhere, ports, behindGateway, peers } = props;
  const { healthCheck, openPeers = true } = peers;
  const cluster = [{ securityGroupId: clusterSecurityGroupId }];
  const ofCluster = (property: keyof SecurityGroupPeersArgs, list: readonly SecurityGroupPeerArgs[] = []) =>
    placedPeers(`peers.${property}`, list, clusterElsewhere);
  const gateway = ofCluster('gateway', peers.gateway);
  const serviceGateways = ofCluster('serviceGateways', peers.serviceGateways ?? (behindGateway ? peers.gateway : []));
  const pods = behindGateway ? [] : ofCluster('pods', peers.pods ?? cluster);
  const rules = new Rules(openPeers);

  rules.out(
    'istiod',
    gateway,
    [one(ISTIOD_PORT)],
    'Machines reach istiod through the gateway: configuration, certificates',
  );
  rules.out(
    'services',
    serviceGateways,
    [one(SERVICES_PORT)],
    'Machines call services of other networks through a gateway',
  );
  rules.out(
    'api-server',
    ofCluster('apiServer', peers.apiServer ?? cluster),
    [one(443)],
    'Machines join: the Kubernetes API server gives them settings and their token',
  );
  rules.out(
    'pods',
    pods,
    (peers.podPorts ?? []).map(several),
    'Machines call pods of the mesh directly, in one network with them',
  );
  const { needed, purposes } = outboundNeeds(props);
  const outbound = placedPeers('peers.outbound', peers.outbound ?? (needed ? EVERYWHERE : []));
  rules.oneSided('egress', 'https', outbound, [one(443)], `HTTPS: ${purposes}`);
  if (!props.image.preinstalled && props.image.httpMirrors) {
    rules.oneSided('egress', 'http', outbound, [one(80)], 'Machines install signed packages from mirrors over HTTP');
  }

  const served = ports.map((port) => ({ ...one(port), suffix: `-${port}` }));
  rules.oneSided(
    'ingress',
    'callers',
    pods,
    served,
    'Pods of the mesh call the machines directly, in one network with them',
  );
  rules.oneSided(
    'ingress',
    'gateway',
    behindGateway ? ofCluster('gatewayPods', peers.gatewayPods) : [],
    served,
    'The gateway of the network of the machines carries calls of the mesh to them',
  );
  rules.oneSided(
    'ingress',
    'health',
    placedPeers('peers.healthCheck.sources', healthCheck?.sources ?? []),
    [one(healthCheck?.port ?? HEALTH_PORT)],
    'Health checks from outside of the mesh',
  );
  return rules.all;
}

/**
 * Peers of one argument, each with where it lies.
 *
 * @param elsewhere Where they lie that don't say it themselves; undefined for where the component is.
 */
export function placedPeers(path: string, peers: readonly SecurityGroupPeerArgs[], elsewhere?: Elsewhere) {
  return peers.map(({ provider, ...peer }, index): PlacedPeer => {
    const there = provider === undefined ? elsewhere : { provider };
    if (there === undefined || peer.securityGroupId === undefined) return { peer };
    return { peer, foreign: { elsewhere: there, path: `${path}[${index}].securityGroupId` } };
  });
}

/** Ports of a rule. */
export interface PortRange {
  readonly fromPort: number;
  readonly toPort: number;
  /** Tells a rule from others of its kind, whatever their order. */
  readonly suffix: string;
}

/** A single port that is the only one of its rule's kind. */
export function one(port: number): PortRange {
  return { fromPort: port, toPort: port, suffix: '' };
}

/** Ports among others of its rule's kind. */
export function several({ from, to = from }: PortRangeArgs): PortRange {
  return { fromPort: from, toPort: to, suffix: to === from ? `-${from}` : `-${from}-${to}` };
}

/** What machines need beyond the mesh, in words. */
function outboundNeeds(props: SecurityGroupRulesProps): { readonly needed: boolean; readonly purposes: string } {
  const purposes = [
    ...(props.image.preinstalled ? [] : ['packages']),
    ...(props.lifecycle ? ['lifecycle hooks (Auto Scaling)'] : []),
    ...(props.ssm ? ['Systems Manager'] : []),
  ];
  return { needed: purposes.length > 0, purposes: purposes.join(', ') || 'destinations named in outbound' };
}

/** Collects rules of the machines' security group, and of their peers'. Two that say the same become one with both reasons, because EC2 refuses a second one. */
export class Rules {
  private readonly byId = new Map<string, SecurityGroupRule>();

  public constructor(private readonly openPeers: boolean) {}

  public get all(): Readonly<Record<string, SecurityGroupRule>> {
    return Object.fromEntries(this.byId);
  }

  /** From the machines to peers of the mesh, which admit them. */
  public out(id: string, peers: readonly PlacedPeer[], ranges: readonly PortRange[], description: string): void {
    each(id, peers, ranges, (ruleId, placed, range) => {
      this.add(ruleId, { direction: 'egress', securityGroupId: undefined, ...placed, ...range, description });
      const { peer, ...others } = placed;
      const { securityGroupId } = peer;
      if (!this.openPeers || securityGroupId === undefined) return;
      const opposite = { direction: 'ingress', securityGroupId, peer: undefined, ...others } as const;
      this.add(`${ruleId}-peer`, { ...opposite, ...range, description });
    });
  }

  /** At one side alone, the machines' unless another is named: whoever is on the other needs no rule for it. */
  public oneSided(
    direction: SecurityGroupRule['direction'],
    id: string,
    peers: readonly PlacedPeer[],
    ranges: readonly PortRange[],
    description: string,
    securityGroupId?: pulumi.Input<string>,
  ): void {
    each(id, peers, ranges, (ruleId, placed, range) => {
      this.add(ruleId, { direction, securityGroupId, ...placed, ...range, description });
    });
  }

  /** Any rule. */
  public add(id: string, rule: SecurityGroupRule): void {
    for (const [existingId, existing] of this.byId) {
      if (!same(existing, rule)) continue;
      const reasons = new Set([...existing.description.split('; '), rule.description]);
      this.byId.set(existingId, { ...existing, description: [...reasons].join('; ') });
      return;
    }
    this.byId.set(id, rule);
  }
}

function each(
  id: string,
  peers: readonly PlacedPeer[],
  ranges: readonly PortRange[],
  visit: (ruleId: string, peer: PlacedPeer, range: Pick<SecurityGroupRule, 'fromPort' | 'toPort'>) => void,
): void {
  peers.forEach((peer, index) => {
    for (const { fromPort, toPort, suffix } of ranges) visit(`${id}-${index}${suffix}`, peer, { fromPort, toPort });
  });
}

function same(a: SecurityGroupRule, b: SecurityGroupRule): boolean {
  return (
    a.direction === b.direction &&
    a.fromPort === b.fromPort &&
    a.toPort === b.toPort &&
    a.securityGroupId === b.securityGroupId &&
    samePeer(a.peer, b.peer)
  );
}

/** Whether both are the same peer. Two Inputs are when they are the same object. */
export function samePeer(a: SecurityGroupPeer | undefined, b: SecurityGroupPeer | undefined): boolean {
  return PEER_KINDS.every((kind) => a?.[kind] === b?.[kind]);
}

/** The ways of naming a peer. */
export const PEER_KINDS = ['securityGroupId', 'cidrIpv4', 'cidrIpv6', 'prefixListId'] as const;
