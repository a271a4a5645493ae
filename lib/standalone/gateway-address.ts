import type { Locality } from '../mesh/locality';

/** Where an east-west gateway is reached, for callers that no istiod tells. */
export interface GatewayAddress {
  /** IP address or DNS name. A name is resolved by Envoy again and again, and each of its addresses is a gateway. */
  readonly address: string;

  /**
   * Port on which the gateway passes mutual TLS on by its server name.
   * @default 15443
   * @argsType pulumi.Input<number>
   */
  readonly port?: number;

  /**
   * Where the gateway stands. It says nothing to Envoy but in its statistics: who is called first is said by `priority`.
   * @default - unknown
   */
  readonly locality?: Locality;

  /**
   * Which gateways are called first: those of priority 0. Those of 1 get traffic as far as too few of 0 are healthy, and so on. Priorities
   * start at 0 and leave none out.
   * @default 0
   */
  readonly priority?: number;

  /**
   * Share among the gateways of the same priority, 1 to 128.
   * @default 1
   */
  readonly weight?: number;
}
