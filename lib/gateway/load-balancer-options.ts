/**
 * A Network Load Balancer of AWS.
 * @args AwsNlbArgs
 */
export interface AwsNlbOptions {
  /**
   * Whether the load balancer has public addresses.
   * @default false
   */
  readonly internetFacing?: boolean;

  /**
   * Subnets of the load balancer, by id or Name tag, one for each availability zone.
   * @default - those that the controller finds by their tags
   */
  readonly subnets?: readonly string[];

  /**
   * Fixed private addresses, one for each of `subnets`. For an internal load balancer.
   * @default - chosen by AWS
   */
  readonly privateIpv4Addresses?: readonly string[];

  /**
   * Allocation ids of Elastic IPs, one for each of `subnets`. For an internet-facing load balancer.
   * @default - chosen by AWS
   */
  readonly eipAllocations?: readonly string[];

  /**
   * Whether each zone's address reaches the gateway's pods in all zones. AWS charges for the traffic between zones; without it a
   * zone where no pod runs drops its machines' connections.
   * @default true
   */
  readonly crossZone?: boolean;

  /**
   * IPv4 address ranges that may connect. Needs aws-load-balancer-controller 2.6 or later.
   * @default - every address that has a route
   */
  readonly sourceRanges?: readonly string[];

  /**
   * Security groups of the load balancer, by id or Name tag, in place of the one that the controller makes of `sourceRanges`.
   * @default - one made by the controller
   */
  readonly securityGroups?: readonly string[];

  /**
   * Whether the load balancer sends to node ports rather than to the pods' own addresses: for clusters without the Amazon VPC CNI.
   * @default false
   */
  readonly instanceTargets?: boolean;

  /**
   * `spec.loadBalancerClass`: who makes the load balancer. EKS Auto Mode is `eks.amazonaws.com/nlb`. It can't change later.
   * @default 'service.k8s.aws/nlb'
   * @argsPlain
   */
  readonly loadBalancerClass?: string;
}

/**
 * An internal passthrough Network Load Balancer of GKE.
 * @args GcpInternalArgs
 */
export interface GcpInternalOptions {
  /**
   * Subnetwork of the address.
   * @default - the cluster's
   */
  readonly subnet?: string;

  /**
   * Whether machines of other regions reach it.
   * @default false
   */
  readonly globalAccess?: boolean;

  /**
   * Fixed IPv4 address, reserved or free in the subnetwork.
   * @default - chosen by Google
   */
  readonly address?: string;

  /**
   * Name of a reserved address. Needs a cluster with GKE subsetting.
   * @default - chosen by Google
   */
  readonly addressName?: string;

  /**
   * Address ranges that may connect.
   * @default - every address of the VPC
   */
  readonly sourceRanges?: readonly string[];
}

/**
 * An internal load balancer of Azure.
 * @args AzureInternalArgs
 */
export interface AzureInternalOptions {
  /**
   * Subnet of the address, in the cluster's virtual network.
   * @default - the nodes'
   */
  readonly subnet?: string;

  /**
   * Fixed IPv4 address in the subnet.
   * @default - chosen by Azure
   */
  readonly address?: string;

  /**
   * Address ranges that may connect; all others, those of the virtual network too, are kept out.
   * @default - every address of the virtual network and its peers
   */
  readonly sourceRanges?: readonly string[];
}

/**
 * An address of MetalLB.
 * @args MetalLbArgs
 */
export interface MetalLbOptions {
  /**
   * Name of the IPAddressPool.
   * @default - any pool that assigns automatically
   */
  readonly pool?: string;

  /**
   * Fixed address out of a pool: one, or an IPv4 and an IPv6 address in a dual-stack cluster.
   * @default - chosen by MetalLB
   */
  readonly addresses?: readonly string[];

  /**
   * Address ranges that may connect. kube-proxy keeps the others out.
   * @default - every address that has a route
   */
  readonly sourceRanges?: readonly string[];

  /**
   * `spec.loadBalancerClass`, when MetalLB was started with one. It can't change later.
   * @default - none
   * @argsPlain
   */
  readonly loadBalancerClass?: string;
}

/**
 * Ports of the nodes.
 * @args NodePortArgs
 */
export interface NodePortOptions {
  /**
   * Node port of istiod, in front of 15012.
   * @default - chosen by Kubernetes
   */
  readonly istiodPort?: number;

  /**
   * Node port of services for other networks, in front of 15443.
   * @default - chosen by Kubernetes
   */
  readonly servicesPort?: number;

  /**
   * Node port of the health check `/healthz/ready`, in front of 15021.
   * @default - chosen by Kubernetes
   */
  readonly statusPort?: number;

  /**
   * Node port of istiod's webhooks, in front of 15017.
   * @default - chosen by Kubernetes
   */
  readonly webhookPort?: number;

  /**
   * Labels of the nodes whose addresses other networks use.
   * @default - all nodes
   */
  readonly nodeSelector?: Readonly<Record<string, string>>;

  /**
   * The cluster's node ports, as in the API server's flag `--service-node-port-range`.
   * @default '30000-32767'
   * @argsPlain
   */
  readonly nodePortRange?: string;
}

/**
 * A load balancer of another provider.
 * @args CustomLoadBalancerArgs
 */
export interface CustomLoadBalancerOptions {
  /**
   * Annotations of the Service that the provider reads.
   * @default {}
   */
  readonly annotations?: Readonly<Record<string, string>>;

  /**
   * `spec.loadBalancerClass`. It can't change later.
   * @default - the cluster's default
   * @argsPlain
   */
  readonly loadBalancerClass?: string;

  /**
   * `spec.loadBalancerIP`, for providers that read it.
   * @default - chosen by the provider
   */
  readonly loadBalancerIP?: string;

  /**
   * Address ranges that may connect, for providers that read `spec.loadBalancerSourceRanges`.
   * @default - every address that has a route
   */
  readonly sourceRanges?: readonly string[];
}
