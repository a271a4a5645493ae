import type {
  AwsNlbOptions,
  AzureInternalOptions,
  CustomLoadBalancerOptions,
  GcpInternalOptions,
  MetalLbOptions,
  NodePortOptions,
} from './load-balancer-options';

/**
 * How machines and other networks reach an east-west gateway. Kubernetes knows no internal load balancer as such, and most providers
 * answer a Service of type LoadBalancer with a public address: so this is a choice. All but `custom` are internal.
 */
export class LoadBalancer {
  /**
   * A Network Load Balancer of AWS, made by the AWS Load Balancer Controller 2.6 or later: internal, across zones, straight to the
   * pods, healthy when the gateway says so. Its address is a DNS name.
   *
   * Upstream: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/
   */
  public static awsNlb(options: AwsNlbOptions = {}): LoadBalancer {
    return new LoadBalancer({ awsNlb: options });
  }

  /**
   * An internal passthrough Network Load Balancer of GKE.
   *
   * Upstream: https://cloud.google.com/kubernetes-engine/docs/concepts/service-load-balancer-parameters
   */
  public static gcpInternal(options: GcpInternalOptions = {}): LoadBalancer {
    return new LoadBalancer({ gcpInternal: options });
  }

  /**
   * An internal load balancer of Azure.
   *
   * Upstream: https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/
   */
  public static azureInternal(options: AzureInternalOptions = {}): LoadBalancer {
    return new LoadBalancer({ azureInternal: options });
  }

  /**
   * An address of MetalLB 0.14.9 or later, for clusters on premises.
   *
   * Upstream: https://metallb.io/usage/
   */
  public static metalLb(options: MetalLbOptions = {}): LoadBalancer {
    return new LoadBalancer({ metalLb: options });
  }

  /**
   * Ports of the nodes, behind a load balancer of your own. Machines dial port 15012, so yours listens there and forwards to
   * `istiodPort`; only in a cluster whose node ports include 15012 can machines dial the nodes themselves.
   */
  public static nodePort(options: NodePortOptions = {}): LoadBalancer {
    return new LoadBalancer({ nodePort: options });
  }

  /**
   * A load balancer of another provider, described by what it reads from the Service. Nothing is added: whether the address is
   * public is up to the provider.
   */
  public static custom(options: CustomLoadBalancerOptions): LoadBalancer {
    return new LoadBalancer({ custom: options });
  }

  /** {@link LoadBalancer.awsNlb} */
  declare public readonly awsNlb?: AwsNlbOptions;
  /** {@link LoadBalancer.gcpInternal} */
  declare public readonly gcpInternal?: GcpInternalOptions;
  /** {@link LoadBalancer.azureInternal} */
  declare public readonly azureInternal?: AzureInternalOptions;
  /** {@link LoadBalancer.metalLb} */
  declare public readonly metalLb?: MetalLbOptions;
  /** {@link LoadBalancer.nodePort} */
  declare public readonly nodePort?: NodePortOptions;
  /** {@link LoadBalancer.custom} */
  declare public readonly custom?: CustomLoadBalancerOptions;

  private constructor(choice: LoadBalancer) {
    Object.assign(this, choice);
  }
}
