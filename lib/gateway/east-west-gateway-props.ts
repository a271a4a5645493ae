import type { Mesh } from '../mesh/mesh';
import type { ApiServerExposure } from './api-server-exposure';
import type { GatewayResources, Toleration } from './gateway-pods';
import type { IstiodExposure } from './istiod-exposure';
import type { LoadBalancer } from './load-balancer';
import type { ServiceExposure } from './service-exposure';

/** A gateway by which machines reach istiod, and other networks the services of this one. */
export interface IEastWestGateway {
  /** The mesh whose gateway this is. */
  readonly mesh: Mesh;
  /** Namespace of the gateway. */
  readonly namespace: string;
  /** Name of the Service whose address machines dial. */
  readonly serviceName: string;
  /** Labels of the gateway's pods by which Services, Gateways and policies select them. */
  readonly selectorLabels: Readonly<Record<string, string>>;
  /** Where the gateway stands in the program: its path is what messages call it. */
  readonly node: {
    /** Path of the construct, or name of the component. */
    readonly path: string;
  };
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
   * @argsDefault - by Istio's own APIs
   */
  readonly exposeIstiod?: IstiodExposure;

  /**
   * Which services other networks may reach.
   * @default ServiceExposure.none()
   * @argsDefault - none
   */
  readonly exposeServices?: ServiceExposure;

  /**
   * Whether machines come through to the Kubernetes API server, which they then dial as `https://kubernetes.default.svc:15012`.
   * @default ApiServerExposure.none()
   * @argsDefault - not at all
   */
  readonly exposeApiServer?: ApiServerExposure;
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
   * @argsPlain
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

/**
 * Properties of EastWestGateway.fromHelmRelease.
 * @argsDoc Arguments of HelmReleaseGateway.
 */
export interface HelmReleaseGatewayProps extends GatewayExposureProps {
  /**
   * Name of the release of Istio's chart `gateway`, which names the Service.
   * @argsPlain
   */
  readonly releaseName: string;

  /**
   * Labels of the gateway's pods, when the chart's `labels` changed them.
   * @default - the chart's: app is the release's name, istio the same without "istio-"
   */
  readonly selectorLabels?: Readonly<Record<string, string>>;
}
