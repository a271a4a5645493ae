import type { Mesh } from '../mesh/mesh';

/** What else an exposure of istiod lets in. */
export interface IstiodExposureOptions {
  /**
   * Further control planes of the same cluster whose machines come through this gateway, such as a canary: the same mesh with
   * another revision. Each name that machines dial leads to one control plane.
   * @default []
   */
  readonly furtherControlPlanes?: readonly Mesh[];

  /**
   * Whether port 15017 leads to istiod's webhooks. API servers of other clusters of the mesh need it, machines don't.
   * @default false
   */
  readonly webhook?: boolean;
}

/**
 * How an east-west gateway passes machines on to istiod: port 15012, TLS unopened, and only for the names that istiod's certificates
 * carry. Any other server name is refused at the gateway.
 */
export class IstiodExposure {
  /**
   * By Istio's own Gateway and VirtualService.
   */
  public static istioApis(options: IstiodExposureOptions = {}): IstiodExposure {
    return new IstiodExposure({ istioApis: options });
  }

  /**
   * By the Kubernetes Gateway API, Gateway and TLSRoute. Its custom resources must be there, in version 1.5 or later: Istio ignores
   * TLSRoutes of older ones.
   */
  public static gatewayApi(options: IstiodExposureOptions = {}): IstiodExposure {
    return new IstiodExposure({ gatewayApi: options });
  }

  /** Not at all, or by objects of your own. */
  public static none(): IstiodExposure {
    return new IstiodExposure({ none: true });
  }

  /** {@link IstiodExposure.istioApis} */
  declare public readonly istioApis?: IstiodExposureOptions;
  /** {@link IstiodExposure.gatewayApi} */
  declare public readonly gatewayApi?: IstiodExposureOptions;
  /** {@link IstiodExposure.none} */
  declare public readonly none?: true;

  private constructor(choice: IstiodExposure) {
    Object.assign(this, choice);
  }
}
