import { Problems } from '../core/problems';
import type {
  AwsNlbOptions,
  AzureInternalOptions,
  CustomLoadBalancerOptions,
  GcpInternalOptions,
  MetalLbOptions,
  NodePortOptions,
} from './load-balancer-options';
import type { LoadBalancerSettings } from './load-balancer-settings';
import { awsNlb, azureInternal, customLoadBalancer, gcpInternal, metalLb, nodePort } from './manifests/load-balancer';
import {
  checkAwsNlb,
  checkAzureInternal,
  checkCustomLoadBalancer,
  checkGcpInternal,
  checkMetalLb,
  checkNodePort,
} from './private/load-balancer';

/**
 * How machines and other networks reach an east-west gateway. Kubernetes knows no internal load balancer as such, and most providers
 * answer a Service of type LoadBalancer with a public address: so this is a choice, and the presets are internal.
 */
export class LoadBalancer {
  /**
   * A Network Load Balancer of AWS, made by the AWS Load Balancer Controller 2.6 or later: internal, across zones, straight to the
   * pods, healthy when the gateway says so.
   *
   * Its address is a DNS name. Upstream: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/
   *
   * @throws ValidationError with every problem of the options.
   */
  public static awsNlb(options: AwsNlbOptions = {}): LoadBalancer {
    check('LoadBalancer.awsNlb', (problems) => checkAwsNlb(problems, options));
    return new LoadBalancer(awsNlb(options));
  }

  /**
   * An internal passthrough Network Load Balancer of GKE.
   *
   * Upstream: https://cloud.google.com/kubernetes-engine/docs/concepts/service-load-balancer-parameters
   *
   * @throws ValidationError with every problem of the options.
   */
  public static gcpInternal(options: GcpInternalOptions = {}): LoadBalancer {
    check('LoadBalancer.gcpInternal', (problems) => checkGcpInternal(problems, options));
    return new LoadBalancer(gcpInternal(options));
  }

  /**
   * An internal load balancer of Azure.
   *
   * Upstream: https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/
   *
   * @throws ValidationError with every problem of the options.
   */
  public static azureInternal(options: AzureInternalOptions = {}): LoadBalancer {
    check('LoadBalancer.azureInternal', (problems) => checkAzureInternal(problems, options));
    return new LoadBalancer(azureInternal(options));
  }

  /**
   * An address of MetalLB 0.14.9 or later, for clusters on premises.
   *
   * Upstream: https://metallb.io/usage/
   *
   * @throws ValidationError with every problem of the options.
   */
  public static metalLb(options: MetalLbOptions = {}): LoadBalancer {
    check('LoadBalancer.metalLb', (problems) => checkMetalLb(problems, options));
    return new LoadBalancer(metalLb(options));
  }

  /**
   * Ports of the nodes, behind a load balancer of your own. Machines dial port 15012, so yours listens there and forwards to
   * `istiodPort`; only in a cluster whose node ports include 15012 can machines dial the nodes themselves.
   *
   * @throws ValidationError with every problem of the options.
   */
  public static nodePort(options: NodePortOptions = {}): LoadBalancer {
    check('LoadBalancer.nodePort', (problems) => checkNodePort(problems, options));
    return new LoadBalancer(nodePort(options));
  }

  /**
   * A load balancer of another provider, described by what it reads from the Service. Nothing is added: whether the address is
   * public is up to the provider.
   *
   * @throws ValidationError with every problem of the options.
   */
  public static custom(options: CustomLoadBalancerOptions): LoadBalancer {
    check('LoadBalancer.custom', (problems) => checkCustomLoadBalancer(problems, options));
    return new LoadBalancer(customLoadBalancer(options));
  }

  private constructor(
    /** What the load balancer asks of the Service. */
    public readonly settings: LoadBalancerSettings,
  ) {}
}

function check(path: string, add: (problems: Problems) => void): void {
  const problems = new Problems();
  add(problems);
  problems.throwIfAny(path);
}
