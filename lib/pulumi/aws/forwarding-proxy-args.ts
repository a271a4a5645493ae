import type * as pulumi from '@pulumi/pulumi';
import type { ForwardingProxyEnvoyArgs } from '../standalone/standalone-envoy-args';
import type { AutoScalingArgs } from './auto-scaling-args';
import type { Ec2InstanceArgs } from './ec2-instance-args';
import type { PortRangeArgs, SecurityGroupPeerArgs } from './security-group-args';

/** Arguments of ForwardingProxyGroup. Services have no `localAddress`: each proxy takes clients on all of its own addresses. */
export interface ForwardingProxyGroupArgs extends ForwardingProxyEnvoyArgs, AutoScalingArgs, Ec2InstanceArgs {
  /** Whom proxies reach, and from where they are reached. */
  readonly peers: ForwardingProxyPeersArgs;

  /** VPC of the proxies, of their security group and of their load balancer. */
  readonly vpcId: pulumi.Input<string>;

  /**
   * The load balancer in front of the proxies.
   * @default - see each property of ProxyLoadBalancerArgs
   */
  readonly loadBalancer?: ProxyLoadBalancerArgs;

  /**
   * ARNs of target groups of your own, for TCP to instances, instead of a load balancer that the component makes. Where clients are told by
   * their addresses, the target groups must preserve those.
   * @default - the component's own
   */
  readonly targetGroupArns?: pulumi.Input<string>[];

  /**
   * Seconds until health checks of the load balancer count for a new machine, and until a rollout goes on: what a machine needs to boot, to
   * have its certificate and to start Envoy. 0 to 3600.
   * @default 300
   */
  readonly warmupSeconds?: pulumi.Input<number>;

  /**
   * Seconds that the first deployment waits until `minSize` proxies pass the health checks of the load balancer, which they do once they have
   * their certificate; later ones wait for machines alone. 0 doesn't wait. A deployment that waits in vain fails and leaves the group marked
   * as broken: read its scaling activities, and on a machine `journalctl -u meshvm-envoy`.
   * @default 900
   */
  readonly capacityTimeoutSeconds?: number;
}

/**
 * Whom proxies reach, and from where they are reached. There is no rule but those that are told here; the ports follow from the Envoy's
 * arguments. Names are resolved by the VPC's own resolver, which no security group filters.
 *
 * Add new peers at the end of a list: a rule is known by its peer's place, and EC2 refuses a rule that is there already.
 */
export interface ForwardingProxyPeersArgs {
  /** The load balancers of the gateways, on the ports of `gateways`: their security groups, or the addresses that `gateways` lead to. */
  readonly gateways: SecurityGroupPeerArgs[];

  /**
   * From where the load balancer takes connections, or with `targetGroupArns` the proxies: its security group then, or without one the ranges
   * of the clients and those of the load balancer's subnets, which health checks come from. It narrows the network, not who is a client:
   * `clients` says that.
   * @default - the ranges of `clients.addresses`; with `targetGroupArns` and with `clients.certificates` it must be given
   */
  readonly clients?: SecurityGroupPeerArgs[];

  /**
   * Who reads the proxies' metrics. Needs `metrics`.
   * @default - nobody
   */
  readonly metrics?: SecurityGroupPeerArgs[];

  /**
   * Where `envoy.binary` is downloaded from, on the port of its URL. Security groups know no host names: name a mirror's range, the prefix
   * list of S3, a proxy's, or `0.0.0.0/0` in so many words. Needed with `envoy.binary`.
   * @default - nowhere
   */
  readonly downloads?: SecurityGroupPeerArgs[];

  /**
   * What else proxies reach, such as Vault for their certificate, package mirrors, or Systems Manager.
   * @default []
   */
  readonly outbound?: ProxyOutboundArgs[];

  /**
   * Whether gateways that are named by a security group get the opposite rule there. The AWS Load Balancer Controller takes foreign rules off
   * the security groups that it makes itself: give a load balancer security groups of yours, or let its Service admit the proxies' ranges.
   * @default true
   */
  readonly openPeers?: boolean;
}

/** Something that proxies reach besides gateways, over TCP. */
export interface ProxyOutboundArgs {
  /** What it is for: the description of the rules, at most 255 characters of those that EC2 admits. */
  readonly description: string;

  /** Where it is: at least one. */
  readonly peers: SecurityGroupPeerArgs[];

  /** Its ports: at least one. */
  readonly ports: PortRangeArgs[];
}

/**
 * The internal Network Load Balancer in front of the proxies: a listener for TCP on each of their ports, which hands connections on with the
 * clients' addresses. Its health check is that Envoy takes connections, which it does once it has its certificate; whether the mesh can be
 * reached is not asked, or all proxies would go at once.
 */
export interface ProxyLoadBalancerArgs {
  /**
   * Subnets of the load balancer, one for each zone.
   * @default - those of the machines
   */
  readonly subnetIds?: pulumi.Input<pulumi.Input<string>[]>;

  /**
   * Whether it hands connections on to proxies in other zones, too, which AWS charges for.
   * @default true
   */
  readonly crossZone?: boolean;

  /**
   * Seconds that connections have to end when a proxy leaves, 0 to 3600; then the load balancer ends them. A proxy that is replaced stays for
   * that long.
   * @default 120
   */
  readonly drainSeconds?: pulumi.Input<number>;

  /**
   * Whether AWS refuses to delete it.
   * @default false
   */
  readonly deletionProtection?: boolean;
}
