import { Problems } from '../core/problems';
import { checkCidrs } from '../core/values/addresses';

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
   * @throws ValidationError for an address range that is none.
   */
  public static flat(cidrs: readonly string[]): Network {
    return new Network(undefined, cidrs);
  }

  /**
   * Machines stand in a network of their own, whose east-west gateway carries traffic towards them. That gateway is yours to run
   * there; without one pods dial the machines directly and time out.
   *
   * @param name Istio network name of the machines, such as `dc-1`.
   * @param cidrs Address ranges of the machines. A machine may register with no other address.
   * @throws ValidationError for an address range that is none.
   */
  public static behindGateway(name: string, cidrs: readonly string[] = []): Network {
    return new Network(name, cidrs);
  }

  private constructor(
    /** The machines' own network, or undefined for the mesh's. */
    public readonly networkName: string | undefined,
    /** Address ranges of the machines. */
    public readonly cidrs: readonly string[],
  ) {
    const problems = new Problems();
    checkCidrs(problems, 'cidrs', cidrs);
    problems.throwIfAny(networkName === undefined ? 'Network.flat' : 'Network.behindGateway');
  }
}
