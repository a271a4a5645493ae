/**
 * Where a machine stands, as seen from the mesh's pods. Istio guesses when it isn't told, and the guess decides whether pods dial
 * the machine directly or through a gateway; so meshvm asks.
 */
export class Network {
  /**
   * Machines and pods reach each other's addresses directly (same VPC, routed network). Machines then carry the mesh's own
   * network name: without it, pods of a cluster with a network label would send them through the gateway.
   *
   * @param cidrs Address ranges of the machines, such as `10.20.0.0/16`. A machine may register with no other address.
   */
  public static flat(cidrs: readonly string[]): Network {
    return new Network({ flat: { cidrs } });
  }

  /**
   * Machines stand in a network of their own, whose east-west gateway carries traffic towards them. That gateway is yours to run
   * there; without one pods dial the machines directly and time out.
   *
   * @param name Istio network name of the machines, such as `dc-1`.
   * @param cidrs Address ranges of the machines. A machine may register with no other address.
   */
  public static behindGateway(name: string, cidrs: readonly string[] = []): Network {
    return new Network({ behindGateway: { name, cidrs } });
  }

  /** {@link Network.flat} */
  declare public readonly flat?: FlatNetwork;
  /** {@link Network.behindGateway} */
  declare public readonly behindGateway?: GatewayNetwork;

  private constructor(choice: Network) {
    Object.assign(this, choice);
  }
}

/** Machines in the network of the pods. */
export interface FlatNetwork {
  /** Address ranges of the machines, such as `10.20.0.0/16`. A machine may register with no other address. */
  readonly cidrs: readonly string[];
}

/** Machines in a network of their own. */
export interface GatewayNetwork {
  /** Istio network name of the machines, such as `dc-1`. */
  readonly name: string;

  /**
   * Address ranges of the machines. A machine may register with no other address.
   * @default - none, which is refused for machines that join by themselves
   * @argsRequired
   */
  readonly cidrs?: readonly string[];
}
