import { Problems } from '../core/problems';
import type { HttpsLoadBalancerOptions } from './https-load-balancer-options';
import { checkExposedAddresses, checkHttpsLoadBalancer, checkLoadBalancer } from './private/inbound-exposure';

/** How callers of the mesh reach machines without a control plane. */
export class InboundExposure {
  /**
   * At the machines' own addresses. Mutual TLS of the mesh goes from the caller's sidecar to the machine.
   *
   * @param addresses IP addresses, or DNS names that callers' sidecars resolve; of machines that are all alike.
   * @throws ValidationError for no address at all, and for what is none.
   */
  public static direct(addresses: readonly string[]): InboundExposure {
    const problems = new Problems();
    checkExposedAddresses(problems, addresses);
    problems.throwIfAny('InboundExposure.direct');
    return new InboundExposure([...addresses], undefined, false);
  }

  /**
   * Behind a load balancer that passes TCP on as it is, such as AWS's NLB with a TCP listener. Mutual TLS of the mesh goes through it, from
   * the caller's sidecar to the machine, which knows its caller as if nothing stood between.
   *
   * @param dnsName DNS name of the load balancer, or its IP address.
   * @throws ValidationError for what is neither.
   */
  public static loadBalancer(dnsName: string): InboundExposure {
    const problems = new Problems();
    checkLoadBalancer(problems, dnsName);
    problems.throwIfAny('InboundExposure.loadBalancer');
    return new InboundExposure([dnsName], undefined, true);
  }

  /**
   * Behind a load balancer that ends TLS with a certificate of its own, such as AWS's ALB, and connects to the machines by itself. For HTTP
   * and gRPC.
   *
   * The mesh's identity of the caller ends there: no certificate of it reaches the machine. What tells callers is the load balancer's own
   * protection, the network (`sourceRanges`), and tokens if you give them. Where that is too little, use `loadBalancer`.
   *
   * @param dnsName DNS name of the load balancer.
   * @throws ValidationError with every problem of the options.
   */
  public static httpsLoadBalancer(dnsName: string, options: HttpsLoadBalancerOptions): InboundExposure {
    const problems = new Problems();
    checkHttpsLoadBalancer(problems, dnsName, options);
    problems.throwIfAny('InboundExposure.httpsLoadBalancer');
    return new InboundExposure([dnsName], options, true);
  }

  private constructor(
    /** IP addresses or DNS names that callers connect to. */
    public readonly addresses: readonly string[],
    /** The load balancer that ends TLS, or undefined. */
    public readonly httpsOptions: HttpsLoadBalancerOptions | undefined,
    /** Whether a load balancer stands before the machines. */
    public readonly balanced: boolean,
  ) {}
}
