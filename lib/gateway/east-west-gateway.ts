import { Construct, type IConstruct } from 'constructs';
import { emitAll } from '../core/emit';
import type { KubernetesObject } from '../core/kubernetes-object';
import { byKind } from '../core/object-ids';
import { Problems } from '../core/problems';
import type { Mesh } from '../mesh/mesh';
import type { GatewayResources, Toleration } from './gateway-pods';
import type { IstiodExposure } from './istiod-exposure';
import type { LoadBalancer } from './load-balancer';
import { gatewayExposureObjects, gatewayWorkloadObjects } from './manifests/east-west-gateway';
import type { Gateway } from './manifests/gateway';
import { declareGateway } from './private/declared-gateways';
import {
  checkEastWestGateway,
  checkHelmReleaseGateway,
  resolveEastWestGateway,
  resolveExposure,
  resolveHelmReleaseGateway,
} from './private/east-west-gateway';
import type { ServiceExposure } from './service-exposure';

/** A gateway by which machines reach istiod, and other networks the services of this one. */
export interface IEastWestGateway extends IConstruct {
  /** The mesh whose gateway this is. */
  readonly mesh: Mesh;
  /** Namespace of the gateway. */
  readonly namespace: string;
  /** Name of the Service whose address machines dial. */
  readonly serviceName: string;
  /** Labels of the gateway's pods by which Services, Gateways and policies select them. */
  readonly selectorLabels: Readonly<Record<string, string>>;
}

/** What any east-west gateway exposes. */
export interface GatewayExposureProps {
  /** The mesh whose gateway this is. */
  readonly mesh: Mesh;

  /**
   * Namespace of the gateway. It must be there, and injection must not be switched off in it.
   * @default - the control plane's
   */
  readonly namespace?: string;

  /**
   * How machines are passed on to istiod.
   * @default IstiodExposure.istioApis()
   */
  readonly exposeIstiod?: IstiodExposure;

  /**
   * Which services other networks may reach.
   * @default ServiceExposure.none()
   */
  readonly exposeServices?: ServiceExposure;
}

/** Properties of EastWestGateway. */
export interface EastWestGatewayProps extends GatewayExposureProps {
  /**
   * How the gateway is reached. Never guessed: Kubernetes knows no internal load balancer that every provider has, and a Service
   * without annotations gets a public address from most.
   */
  readonly loadBalancer: LoadBalancer;

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
   * @default - see each property of GatewayResources
   */
  readonly resources?: GatewayResources;

  /**
   * Seconds that a pod which goes keeps serving, so that the load balancer has time to notice.
   * @default 30
   */
  readonly drainSeconds?: number;

  /**
   * Labels of the nodes that the pods may run on.
   * @default {}
   */
  readonly nodeSelector?: Readonly<Record<string, string>>;

  /**
   * Taints of nodes that the pods put up with.
   * @default []
   */
  readonly tolerations?: readonly Toleration[];

  /**
   * PriorityClass of the pods.
   * @default - the cluster's default
   */
  readonly priorityClassName?: string;

  /**
   * Further labels of all objects and of the pods.
   * @default {}
   */
  readonly labels?: Readonly<Record<string, string>>;

  /**
   * Further annotations of the pods.
   * @default {}
   */
  readonly podAnnotations?: Readonly<Record<string, string>>;

  /**
   * Further annotations of the Service.
   * @default {}
   */
  readonly serviceAnnotations?: Readonly<Record<string, string>>;

  /**
   * Whether istiod may serve the gateway TLS secrets of its namespace, for Gateways of your own with a `credentialName`: a Role to
   * list secrets, and its RoleBinding. Nothing that meshvm exposes needs it, since all TLS passes through unopened. Refused in the
   * control plane's namespace, where a stolen gateway would read the key of the mesh's certificate authority.
   * @default false
   */
  readonly readSecrets?: boolean;
}

/** Properties of EastWestGateway.fromHelmRelease. */
export interface HelmReleaseGatewayProps extends GatewayExposureProps {
  /** Name of the release of Istio's chart `gateway`, which names the Service. */
  readonly releaseName: string;

  /**
   * Labels of the gateway's pods, when the chart's `labels` changed them.
   * @default - the chart's: app is the release's name, istio the same without "istio-"
   */
  readonly selectorLabels?: Readonly<Record<string, string>>;
}

/**
 * The gateway that machines come through, with all it takes to run it: pods that the control plane injects, spread over nodes and
 * zones and scaled by load, a Service with a load balancer, and what the gateway lets in.
 *
 * Machines reach istiod on port 15012, and nothing else by default.
 *
 * @example
 * new EastWestGateway(chart, 'gateway', { mesh, loadBalancer: LoadBalancer.awsNlb() });
 */
export class EastWestGateway extends Construct implements IEastWestGateway {
  /**
   * A gateway that Istio's chart `gateway` installed: only what it lets in is emitted. To expose services, install it with
   * `networkGateway` set to the mesh's network; otherwise leave that empty and list 15021 and 15012 in `service.ports`.
   *
   * @throws ValidationError with every problem of the properties.
   */
  public static fromHelmRelease(scope: Construct, id: string, props: HelmReleaseGatewayProps): IEastWestGateway {
    return new HelmReleaseGateway(scope, id, props);
  }

  /** The mesh whose gateway this is. */
  public readonly mesh: Mesh;
  /** Namespace of the gateway. */
  public readonly namespace: string;
  /** Name of the Service whose address machines dial. */
  public readonly serviceName: string;
  /** Labels of the gateway's pods by which Services, Gateways and policies select them. */
  public readonly selectorLabels: Readonly<Record<string, string>>;

  /** @throws ValidationError with every problem of the properties. */
  public constructor(scope: Construct, id: string, props: EastWestGatewayProps) {
    super(scope, id);
    const gateway = resolveEastWestGateway(props);
    const problems = new Problems();
    checkEastWestGateway(problems, props, gateway);
    declareGateway(problems, this, props.mesh, gateway, resolveExposure(props));
    problems.throwIfAny(this.node.path);

    this.mesh = props.mesh;
    this.namespace = gateway.namespace;
    this.serviceName = gateway.name;
    this.selectorLabels = gateway.selector;

    emitAll(this, byKind([...gatewayWorkloadObjects(gateway), ...exposureObjects(props, gateway)]));
  }
}

class HelmReleaseGateway extends Construct implements IEastWestGateway {
  public readonly mesh: Mesh;
  public readonly namespace: string;
  public readonly serviceName: string;
  public readonly selectorLabels: Readonly<Record<string, string>>;

  public constructor(scope: Construct, id: string, props: HelmReleaseGatewayProps) {
    super(scope, id);
    const gateway = resolveHelmReleaseGateway(props);
    const problems = new Problems();
    checkHelmReleaseGateway(problems, props, gateway);
    declareGateway(problems, this, props.mesh, gateway, resolveExposure(props));
    problems.throwIfAny(this.node.path);

    this.mesh = props.mesh;
    this.namespace = gateway.namespace;
    this.serviceName = gateway.name;
    this.selectorLabels = gateway.selector;

    emitAll(this, byKind(exposureObjects(props, gateway)));
  }
}

function exposureObjects(props: GatewayExposureProps, gateway: Gateway): readonly KubernetesObject[] {
  const { istiod, services } = resolveExposure(props);
  return gatewayExposureObjects(gateway, props.mesh, istiod, services);
}
