import type * as pulumi from '@pulumi/pulumi';
import type { MeshArgs } from '../mesh/mesh-args';

/** What any east-west gateway exposes. */
export interface GatewayExposureArgs {
  /** The mesh whose gateway this is. */
  readonly mesh: MeshArgs;

  /**
   * Namespace of the gateway. It must be there, and injection must not be switched off in it.
   * @default - the control plane's
   */
  readonly namespace?: pulumi.Input<string>;

  /**
   * How machines are passed on to istiod.
   * @default - by Istio's own APIs
   */
  readonly exposeIstiod?: IstiodExposureArgs;

  /**
   * Which services other networks may reach.
   * @default - none
   */
  readonly exposeServices?: ServiceExposureArgs;
}

/**
 * How an east-west gateway passes machines on to istiod: port 15012, TLS unopened, and only for the names that istiod's certificates
 * carry. Any other server name is refused at the gateway. Exactly one property must be set.
 */
export interface IstiodExposureArgs {
  /**
   * By Istio's own Gateway and VirtualService.
   * @default - another property is set
   */
  readonly istioApis?: IstiodExposureOptionsArgs;

  /**
   * By the Kubernetes Gateway API, Gateway and TLSRoute. Its custom resources must be there, in version 1.5 or later: Istio ignores
   * TLSRoutes of older ones.
   * @default - another property is set
   */
  readonly gatewayApi?: IstiodExposureOptionsArgs;

  /**
   * Set to true to pass machines on by objects of your own, or not at all.
   * @default - another property is set
   */
  readonly none?: boolean;
}

/** What else an exposure of istiod lets in. */
export interface IstiodExposureOptionsArgs {
  /**
   * Further control planes of the same cluster whose machines come through this gateway, such as a canary: the same mesh with
   * another revision. Each name that machines dial leads to one control plane.
   * @default []
   */
  readonly furtherControlPlanes?: MeshArgs[];

  /**
   * Whether port 15017 leads to istiod's webhooks. API servers of other clusters of the mesh need it, machines don't.
   * @default false
   */
  readonly webhook?: boolean;
}

/**
 * Whether an east-west gateway lets sidecars of other networks in to the services of its own: port 15443, by the server name that
 * Istio's sidecars send, mutual TLS from end to end. Machines in the network of the pods don't need it. Exactly one property must be
 * set.
 */
export interface ServiceExposureArgs {
  /**
   * By Istio's own Gateway.
   * @default - another property is set
   */
  readonly istioApis?: ServiceExposureOptionsArgs;

  /**
   * By the Kubernetes Gateway API. Its custom resources must be there.
   * @default - another property is set
   */
  readonly gatewayApi?: ServiceExposureOptionsArgs;

  /**
   * Set to true to let no sidecar of another network in.
   * @default - another property is set
   */
  readonly none?: boolean;
}

/** Services that are exposed. */
export interface ServiceExposureOptionsArgs {
  /**
   * Hosts of services that other networks may reach: full names, or `*.` and a suffix, such as `*.payments.svc.cluster.local`.
   * @default ['*.local']
   */
  readonly hosts?: pulumi.Input<string>[];
}
