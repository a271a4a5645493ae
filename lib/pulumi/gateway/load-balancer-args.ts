import type * as pulumi from '@pulumi/pulumi';

/**
 * How machines and other networks reach an east-west gateway. Exactly one property must be set: Kubernetes knows no internal load
 * balancer as such, and most providers answer a Service of type LoadBalancer with a public address. All but `custom` are internal.
 */
export interface LoadBalancerArgs {
  /**
   * A Network Load Balancer of AWS, made by the AWS Load Balancer Controller 2.6 or later: internal, across zones, straight to the
   * pods, healthy when the gateway says so. Its address is a DNS name.
   *
   * Upstream: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/
   * @default - another property is set
   */
  readonly awsNlb?: AwsNlbArgs;

  /**
   * An internal passthrough Network Load Balancer of GKE.
   *
   * Upstream: https://cloud.google.com/kubernetes-engine/docs/concepts/service-load-balancer-parameters
   * @default - another property is set
   */
  readonly gcpInternal?: GcpInternalArgs;

  /**
   * An internal load balancer of Azure.
   *
   * Upstream: https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/
   * @default - another property is set
   */
  readonly azureInternal?: AzureInternalArgs;

  /**
   * An address of MetalLB 0.14.9 or later, for clusters on premises.
   *
   * Upstream: https://metallb.io/usage/
   * @default - another property is set
   */
  readonly metalLb?: MetalLbArgs;

  /**
   * Ports of the nodes, behind a load balancer of your own. Machines dial port 15012, so yours listens there and forwards to
   * `istiodPort`; only in a cluster whose node ports include 15012 can machines dial the nodes themselves.
   * @default - another property is set
   */
  readonly nodePort?: NodePortArgs;

  /**
   * A load balancer of another provider, described by what it reads from the Service. Nothing is added: whether the address is
   * public is up to the provider.
   * @default - another property is set
   */
  readonly custom?: CustomLoadBalancerArgs;
}

/** A Network Load Balancer of AWS. */
export interface AwsNlbArgs {
  /**
   * Whether the load balancer has public addresses.
   * @default false
   */
  readonly internetFacing?: boolean;

  /**
   * Subnets of the load balancer, by id or Name tag, one for each availability zone.
   * @default - those that the controller finds by their tags
   */
  readonly subnets?: pulumi.Input<string>[];

  /**
   * Fixed private addresses, one for each of `subnets`. For an internal load balancer.
   * @default - chosen by AWS
   */
  readonly privateIpv4Addresses?: pulumi.Input<string>[];

  /**
   * Allocation ids of Elastic IPs, one for each of `subnets`. For an internet-facing load balancer.
   * @default - chosen by AWS
   */
  readonly eipAllocations?: pulumi.Input<string>[];

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
  readonly sourceRanges?: pulumi.Input<string>[];

  /**
   * Security groups of the load balancer, by id or Name tag, in place of the one that the controller makes of `sourceRanges`.
   * @default - one made by the controller
   */
  readonly securityGroups?: pulumi.Input<string>[];

  /**
   * Whether the load balancer sends to node ports rather than to the pods' own addresses: for clusters without the Amazon VPC CNI.
   * @default false
   */
  readonly instanceTargets?: boolean;

  /**
   * `spec.loadBalancerClass`: who makes the load balancer. EKS Auto Mode is `eks.amazonaws.com/nlb`. It can't change later.
   * @default 'service.k8s.aws/nlb'
   */
  readonly loadBalancerClass?: string;
}

/** An internal passthrough Network Load Balancer of GKE. */
export interface GcpInternalArgs {
  /**
   * Subnetwork of the address.
   * @default - the cluster's
   */
  readonly subnet?: pulumi.Input<string>;

  /**
   * Whether machines of other regions reach it.
   * @default false
   */
  readonly globalAccess?: boolean;

  /**
   * Fixed IPv4 address, reserved or free in the subnetwork.
   * @default - chosen by Google
   */
  readonly address?: pulumi.Input<string>;

  /**
   * Name of a reserved address. Needs a cluster with GKE subsetting.
   * @default - chosen by Google
   */
  readonly addressName?: pulumi.Input<string>;

  /**
   * Address ranges that may connect.
   * @default - every address of the VPC
   */
  readonly sourceRanges?: pulumi.Input<string>[];
}

/** An internal load balancer of Azure. */
export interface AzureInternalArgs {
  /**
   * Subnet of the address, in the cluster's virtual network.
   * @default - the nodes'
   */
  readonly subnet?: pulumi.Input<string>;

  /**
   * Fixed IPv4 address in the subnet.
   * @default - chosen by Azure
   */
  readonly address?: pulumi.Input<string>;

  /**
   * Address ranges that may connect; all others, those of the virtual network too, are kept out.
   * @default - every address of the virtual network and its peers
   */
  readonly sourceRanges?: pulumi.Input<string>[];
}

/** An address of MetalLB. */
export interface MetalLbArgs {
  /**
   * Name of the IPAddressPool.
   * @default - any pool that assigns automatically
   */
  readonly pool?: pulumi.Input<string>;

  /**
   * Fixed address out of a pool: one, or an IPv4 and an IPv6 address in a dual-stack cluster.
   * @default - chosen by MetalLB
   */
  readonly addresses?: pulumi.Input<string>[];

  /**
   * Address ranges that may connect. kube-proxy keeps the others out.
   * @default - every address that has a route
   */
  readonly sourceRanges?: pulumi.Input<string>[];

  /**
   * `spec.loadBalancerClass`, when MetalLB was started with one. It can't change later.
   * @default - none
   */
  readonly loadBalancerClass?: string;
}

/** Ports of the nodes. */
export interface NodePortArgs {
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
  readonly nodeSelector?: Record<string, pulumi.Input<string>>;

  /**
   * The cluster's node ports, as in the API server's flag `--service-node-port-range`.
   * @default '30000-32767'
   */
  readonly nodePortRange?: string;
}

/** A load balancer of another provider. */
export interface CustomLoadBalancerArgs {
  /**
   * Annotations of the Service that the provider reads.
   * @default {}
   */
  readonly annotations?: Record<string, pulumi.Input<string>>;

  /**
   * `spec.loadBalancerClass`. It can't change later.
   * @default - the cluster's default
   */
  readonly loadBalancerClass?: string;

  /**
   * `spec.loadBalancerIP`, for providers that read it.
   * @default - chosen by the provider
   */
  readonly loadBalancerIP?: pulumi.Input<string>;

  /**
   * Address ranges that may connect, for providers that read `spec.loadBalancerSourceRanges`.
   * @default - every address that has a route
   */
  readonly sourceRanges?: pulumi.Input<string>[];
}
