/** A network other than the mesh's own, as istiod must know it (`meshNetworks`). */
export interface MeshNetwork {
  /**
   * Name of the network, such as that of machines behind a gateway.
   * @argsPlain
   */
  readonly name: string;

  /**
   * Which endpoints stand in the network, for those that don't say it themselves. Machines of a MeshVmGroup always say it.
   * istiod asks here last: the label `topology.istio.io/network` of its own namespace comes first.
   * @default []
   */
  readonly endpoints?: readonly NetworkEndpoints[];

  /**
   * Gateways through which the network is reached. Without one its endpoints are dialled directly.
   * @default []
   */
  readonly gateways?: readonly NetworkGateway[];
}

/** How istiod recognizes the endpoints of a network. */
export class NetworkEndpoints {
  /**
   * Endpoints with an address in a range, such as `10.20.0.0/16`.
   * @param cidr Of IPv4 or IPv6.
   */
  public static fromCidr(cidr: string): NetworkEndpoints {
    return new NetworkEndpoints({ fromCidr: cidr });
  }

  /**
   * Every endpoint of a cluster, by its name as in `global.multiCluster.clusterName` there.
   * @param clusterName Name of the cluster.
   */
  public static fromRegistry(clusterName: string): NetworkEndpoints {
    return new NetworkEndpoints({ fromRegistry: clusterName });
  }

  /** {@link NetworkEndpoints.fromCidr} */
  declare public readonly fromCidr?: string;
  /** {@link NetworkEndpoints.fromRegistry} */
  declare public readonly fromRegistry?: string;

  private constructor(choice: NetworkEndpoints) {
    Object.assign(this, choice);
  }
}

/** A gateway through which a network is reached. It listens with TLS AUTO_PASSTHROUGH. */
export class NetworkGateway {
  /**
   * A gateway with an address of its own, an IP address or a DNS name, such as that of a data center. istiod resolves a DNS name and
   * follows it.
   * @param address IP address or DNS name.
   * @param port Port of the gateway: by default 15443.
   */
  public static address(address: string, port?: number): NetworkGateway {
    return new NetworkGateway({ address, port });
  }

  /**
   * A Service of a cluster that the network takes its endpoints from; istiod reads the load balancer's address from it. Fully
   * qualified, such as `istio-eastwestgateway.istio-system.svc.cluster.local`.
   * @param host Name of the Service.
   * @param port Port of the Service: by default 15443.
   */
  public static service(host: string, port?: number): NetworkGateway {
    return new NetworkGateway({ serviceHost: host, port });
  }

  /** {@link NetworkGateway.address} */
  declare public readonly address?: string;
  /** {@link NetworkGateway.service} */
  declare public readonly serviceHost?: string;
  /**
   * Port of the gateway.
   * @default 15443
   * @beside
   */
  declare public readonly port?: number;

  private constructor(choice: NetworkGateway) {
    Object.assign(this, choice);
  }
}
