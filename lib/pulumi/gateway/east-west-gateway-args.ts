import type * as pulumi from '@pulumi/pulumi';
import type { GatewayExposureArgs } from './gateway-exposure-args';
import type { GatewayResourcesArgs, TolerationArgs } from './gateway-pods-args';
import type { LoadBalancerArgs } from './load-balancer-args';

/** Arguments of EastWestGateway. */
export interface EastWestGatewayArgs extends GatewayExposureArgs {
  /**
   * How the gateway is reached. Never guessed: Kubernetes knows no internal load balancer that every provider has, and a Service
   * without annotations gets a public address from most.
   */
  readonly loadBalancer: LoadBalancerArgs;

  /**
   * Name of the gateway's objects: lower case letters, digits and "-". Label `istio` is the name without `istio-`.
   * @default 'istio-eastwestgateway'
   */
  readonly name?: string;

  /**
   * Pods that run at least.
   * @default 2
   */
  readonly minReplicas?: number;

  /**
   * Pods that run at most.
   * @default 5
   */
  readonly maxReplicas?: number;

  /**
   * Use of CPU, in percent of the request, that the autoscaler aims at.
   * @default 80
   */
  readonly targetCpuUtilizationPercent?: number;

  /**
   * CPU and memory of each pod.
   * @default - see each property of GatewayResourcesArgs
   */
  readonly resources?: GatewayResourcesArgs;

  /**
   * Seconds that a pod which goes keeps serving, so that the load balancer has time to notice.
   * @default 30
   */
  readonly drainSeconds?: number;

  /**
   * Labels of the nodes that the pods may run on.
   * @default {}
   */
  readonly nodeSelector?: Record<string, pulumi.Input<string>>;

  /**
   * Taints of nodes that the pods put up with.
   * @default []
   */
  readonly tolerations?: TolerationArgs[];

  /**
   * PriorityClass of the pods.
   * @default - the cluster's default
   */
  readonly priorityClassName?: pulumi.Input<string>;

  /**
   * Further labels of all objects and of the pods.
   * @default {}
   */
  readonly labels?: Record<string, pulumi.Input<string>>;

  /**
   * Further annotations of the pods.
   * @default {}
   */
  readonly podAnnotations?: Record<string, pulumi.Input<string>>;

  /**
   * Further annotations of the Service.
   * @default {}
   */
  readonly serviceAnnotations?: Record<string, pulumi.Input<string>>;

  /**
   * Whether istiod may serve the gateway TLS secrets of its namespace, for Gateways of your own with a `credentialName`: a Role to
   * list secrets, and its RoleBinding. Nothing that meshvm exposes needs it, since all TLS passes through unopened. Refused in the
   * control plane's namespace, where a stolen gateway would read the key of the mesh's certificate authority.
   * @default false
   */
  readonly readSecrets?: boolean;
}
