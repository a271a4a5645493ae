import type * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { registerObjects } from '../core/private/children';
import type { GatewayExposureArgs } from './gateway-exposure-args';
import type { GatewayResourcesArgs, TolerationArgs } from './gateway-pods-args';
import type { LoadBalancerArgs } from './load-balancer-args';
import { planEastWestGateway } from './private/gateway-plan';

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

/**
 * The gateway that machines come through, with all it takes to run it: pods that the control plane injects, spread over nodes and
 * zones and scaled by load, a Service with a load balancer, and what the gateway lets in. Each Kubernetes object is a resource of its
 * own, and the objects are those of the cdk8s construct of the same name.
 *
 * Machines reach istiod on port 15012, and nothing else by default. The pods start only where istiod injects them: let the component
 * depend on the control plane when one program installs both.
 */
export class EastWestGateway extends pulumi.ComponentResource {
  /** Name of the Service whose address machines dial. */
  public readonly serviceName!: pulumi.Output<string>;
  /** Namespace of the gateway. */
  public readonly namespace!: pulumi.Output<string>;
  /**
   * IP address or host name of the load balancer, once the provider has made it. Empty for ports of the nodes, which have none of
   * their own.
   */
  public readonly address!: pulumi.Output<string>;
  /** Labels of the gateway's pods by which Services, Gateways and policies select them. */
  public readonly selectorLabels!: pulumi.Output<Record<string, string>>;

  /** @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered. */
  public constructor(name: string, args: EastWestGatewayArgs, options?: pulumi.ComponentResourceOptions) {
    const { shape } = planEastWestGateway(name, args);
    super('meshvm:index:EastWestGateway', name, {}, options);
    const { Service } = registerObjects(this, name, shape.objects, options);

    this.serviceName = pulumi.output(shape.serviceName);
    this.namespace = pulumi.output(shape.namespace);
    this.address = shape.addressed ? addressOf(Service as k8s.core.v1.Service) : pulumi.output('');
    this.selectorLabels = pulumi.output({ ...shape.selectorLabels });
    this.registerOutputs({
      serviceName: this.serviceName,
      namespace: this.namespace,
      address: this.address,
      selectorLabels: this.selectorLabels,
    });
  }
}

/** The provider waits for the address before it calls the Service ready. */
function addressOf(service: k8s.core.v1.Service): pulumi.Output<string> {
  return service.status.apply((status) => {
    const [ingress] = status?.loadBalancer?.ingress ?? [];
    return ingress?.ip ?? ingress?.hostname ?? '';
  });
}
