import type { HttpsLoadBalancer, HttpsLoadBalancerOptions } from './https-load-balancer-options';

/** How callers of the mesh reach machines without a control plane. */
export class InboundExposure {
  /**
   * At the machines' own addresses. Mutual TLS of the mesh goes from the caller's sidecar to the machine.
   *
   * @param addresses IP addresses, or DNS names that callers' sidecars resolve; of machines that are all alike.
   */
  public static direct(addresses: readonly string[]): InboundExposure {
    return new InboundExposure({ direct: { addresses } });
  }

  /**
   * Behind a load balancer that passes TCP on as it is, such as AWS's NLB with a TCP listener. Mutual TLS of the mesh goes through it, from
   * the caller's sidecar to the machine, which knows its caller as if nothing stood between.
   *
   * @param dnsName DNS name of the load balancer, or its IP address.
   */
  public static loadBalancer(dnsName: string): InboundExposure {
    return new InboundExposure({ loadBalancer: { dnsName } });
  }

  /**
   * Behind a load balancer that ends TLS with a certificate of its own, such as AWS's ALB, and connects to the machines by itself. For HTTP
   * and gRPC.
   *
   * The mesh's identity of the caller ends there: no certificate of it reaches the machine. What tells callers is the load balancer's own
   * protection, the network (`sourceRanges`), and tokens if you give them. Where that is too little, use `loadBalancer`.
   *
   * @param dnsName DNS name of the load balancer.
   */
  public static httpsLoadBalancer(dnsName: string, options: HttpsLoadBalancerOptions): InboundExposure {
    return new InboundExposure({ httpsLoadBalancer: { ...options, dnsName } });
  }

  /** {@link InboundExposure.direct} */
  declare public readonly direct?: DirectExposure;
  /** {@link InboundExposure.loadBalancer} */
  declare public readonly loadBalancer?: PassingLoadBalancer;
  /** {@link InboundExposure.httpsLoadBalancer} */
  declare public readonly httpsLoadBalancer?: HttpsLoadBalancer;

  private constructor(choice: InboundExposure) {
    Object.assign(this, choice);
  }
}

/** Machines by their addresses. */
export interface DirectExposure {
  /**
   * IP addresses, or DNS names that callers' sidecars resolve; of machines that are all alike. At least one.
   * @argsDoc IP addresses, or DNS names that callers' sidecars resolve; of machines that are all alike. At least one. One that is known only at deployment must be an IP address.
   */
  readonly addresses: readonly string[];
}

/** A load balancer that passes TCP on. */
export interface PassingLoadBalancer {
  /**
   * DNS name of the load balancer, or its IP address.
   * @argsDoc DNS name of the load balancer, or its IP address. One that is known only at deployment must be a name.
   */
  readonly dnsName: string;
}
