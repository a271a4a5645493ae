import type { Provider } from '@pulumi/aws/provider';
import type * as pulumi from '@pulumi/pulumi';

/**
 * Whom machines reach, and who reaches them. The ports follow from the mesh; there is no rule but those that are told here.
 *
 * What no security group filters has no rule: the VPC's DNS resolver, the instance metadata service, Amazon's time service and DHCP; a
 * resolver of your own needs a security group of your own. The sidecar probes the application on the machine itself.
 * Upstream: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
 *
 * Add new peers at the end of a list: a rule is known by its peer's place, and EC2 refuses a rule that is there already.
 */
export interface SecurityGroupPeersArgs {
  /**
   * The load balancer of the gateway through which machines reach istiod (TCP 15012): its security groups, or the addresses of its
   * subnets where it has none.
   */
  readonly gateway: SecurityGroupPeerArgs[];

  /**
   * The load balancers of gateways through which machines reach services of other networks (TCP 15443).
   * @default - those of `gateway` for machines behind a gateway; none in a flat network, where machines reach pods directly
   */
  readonly serviceGateways?: SecurityGroupPeerArgs[];

  /**
   * The API server (TCP 443). Where the cluster has a public endpoint alone, give `0.0.0.0/0`: its addresses are not published.
   * @default - the cluster security group, which the private endpoint carries
   */
  readonly apiServer?: SecurityGroupPeerArgs[];

  /**
   * Pods that call the machines on the group's ports, in a flat network only, and that machines call on `podPorts`. Nodes of other security
   * groups than the cluster's, pods with security groups of their own, and machines of other groups must be named.
   * @default - the cluster security group, which managed nodes carry
   */
  readonly pods?: SecurityGroupPeerArgs[];

  /**
   * TCP ports of pods that machines call, in a flat network only: those of the containers, not of the Services. Nothing tells them but you.
   * Pods share a security group with their nodes unless they have their own, so keep it narrow; which caller may call which service is for
   * authorization policies to say.
   * @default [] - machines call no pods
   */
  readonly podPorts?: PortRangeArgs[];

  /**
   * The pods of the gateway that carries traffic towards machines behind a gateway (`network.behindGateway`), not its load balancer: they
   * call the machines on the group's ports. Needed there for a group with ports, refused in a flat network.
   * @default - none
   */
  readonly gatewayPods?: SecurityGroupPeerArgs[];

  /**
   * Whoever probes the machines' health from outside, such as a load balancer.
   * @default - nobody
   */
  readonly healthCheck?: HealthCheckPeersArgs;

  /**
   * Whom machines reach over HTTPS for packages and AWS's APIs (Auto Scaling for lifecycle hooks, Systems Manager). Security groups know
   * no host names: narrow it to VPC endpoints, a proxy's subnet or a prefix list. Ubuntu's and Debian's mirrors are reached over HTTP (TCP
   * 80), which is opened besides unless the image is preinstalled. What the application itself calls outside of the mesh is not among it:
   * give machines a security group of yours for that.
   * @default - every IPv4 address when packages, lifecycle hooks or Systems Manager need it; nobody otherwise
   */
  readonly outbound?: SecurityGroupPeerArgs[];

  /**
   * Whether peers that are named by a security group get the opposite rule there: the API server, `gateway`, `serviceGateways` and
   * `pods`, and none that is named otherwise. The AWS Load Balancer Controller takes foreign rules off the security groups that it makes
   * itself; give a load balancer security groups of yours (annotation `aws-load-balancer-security-groups`), or let its Service admit the
   * machines' address ranges.
   * @default true
   */
  readonly openPeers?: boolean;
}

/** TCP ports from the first to the last. */
export interface PortRangeArgs {
  /** First port, 1 to 65535. */
  readonly from: number;

  /**
   * Last port, 1 to 65535.
   * @default - the first: a single port
   */
  readonly to?: number;
}

/** Who probes machines. */
export interface HealthCheckPeersArgs {
  /** Where the probes come from. */
  readonly sources: SecurityGroupPeerArgs[];

  /**
   * Port that is probed. The sidecar's own, 15021, answers `/healthz/ready` whether or not the mesh demands mutual TLS.
   * @default 15021
   */
  readonly port?: number;
}

/** The other side of a security group's rules. Exactly one property besides `provider` must be set. */
export interface SecurityGroupPeerArgs {
  /**
   * Whatever carries this security group, such as `sg-0123456789abcdef0`.
   * @default - another property is set
   */
  readonly securityGroupId?: pulumi.Input<string>;

  /**
   * An IPv4 address range, such as `10.20.0.0/16`.
   * @default - another property is set
   */
  readonly cidrIpv4?: pulumi.Input<string>;

  /**
   * An IPv6 address range, such as `fd00:20::/64`.
   * @default - another property is set
   */
  readonly cidrIpv6?: pulumi.Input<string>;

  /**
   * A prefix list, such as `pl-0123456789abcdef0`.
   * @default - another property is set
   */
  readonly prefixListId?: pulumi.Input<string>;

  /**
   * The AWS provider of the account that `securityGroupId` belongs to. Rules of groups of two accounts need a peering of their VPCs.
   * @default - `cluster.provider` for gateways, pods and the API server; the component's for others
   */
  readonly provider?: Provider;
}
