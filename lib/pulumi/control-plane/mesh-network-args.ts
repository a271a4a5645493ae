import type * as pulumi from '@pulumi/pulumi';

/** A network other than the mesh's own, as istiod must know it (`meshNetworks`). */
export interface MeshNetworkArgs {
  /** Name of the network, such as that of machines behind a gateway. */
  readonly name: string;

  /**
   * Which endpoints stand in the network, for those that don't say it themselves. Machines of a MeshVmGroup always say it.
   * istiod asks here last: the label `topology.istio.io/network` of its own namespace comes first.
   * @default []
   */
  readonly endpoints?: NetworkEndpointsArgs[];

  /**
   * Gateways through which the network is reached. Without one its endpoints are dialled directly.
   * @default []
   */
  readonly gateways?: NetworkGatewayArgs[];
}

/** How istiod recognizes the endpoints of a network. Exactly one property must be set. */
export interface NetworkEndpointsArgs {
  /**
   * Endpoints with an address in a range, such as `10.20.0.0/16`.
   * @default - the other property is set
   */
  readonly fromCidr?: pulumi.Input<string>;

  /**
   * Every endpoint of a cluster, by its name as in `global.multiCluster.clusterName` there.
   * @default - the other property is set
   */
  readonly fromRegistry?: pulumi.Input<string>;
}

/** A gateway through which a network is reached, with TLS AUTO_PASSTHROUGH. One of `address` and `serviceHost` must be set. */
export interface NetworkGatewayArgs {
  /**
   * IP address or DNS name of a gateway such as that of a data center. istiod resolves a DNS name and follows it.
   * @default - the other property is set
   */
  readonly address?: pulumi.Input<string>;

  /**
   * A Service of a cluster that the network takes its endpoints from; istiod reads the load balancer's address from it. Fully
   * qualified, such as `istio-eastwestgateway.istio-system.svc.cluster.local`.
   * @default - the other property is set
   */
  readonly serviceHost?: pulumi.Input<string>;

  /**
   * Port of the gateway.
   * @default 15443
   */
  readonly port?: number;
}
