/** Who may come through to the API server. */
export interface ApiServerExposureOptions {
  /**
   * Ranges of the machines in CIDR notation, such as `10.20.0.0/16`. The gateway closes connections for the API server from any other
   * address, as it sees addresses: a load balancer or node that puts its own in their place is what has to be in the ranges.
   */
  readonly sourceRanges: readonly string[];
}

/**
 * Whether an east-west gateway passes machines on to the Kubernetes API server, for clusters whose API server machines can't reach:
 * port 15012, beside istiod, TLS unopened, for the server name `kubernetes.default.svc` alone. Authentication stays the API server's,
 * and whoever is in the ranges may try.
 */
export class ApiServerExposure {
  /** By Istio's own Gateway and VirtualService. */
  public static istioApis(options: ApiServerExposureOptions): ApiServerExposure {
    return new ApiServerExposure({ istioApis: options });
  }

  /**
   * By the Kubernetes Gateway API, Gateway and TLSRoute. Its custom resources must be there, in version 1.5 or later: Istio ignores
   * TLSRoutes of older ones. The route stands in namespace `default`, beside the API server's Service.
   */
  public static gatewayApi(options: ApiServerExposureOptions): ApiServerExposure {
    return new ApiServerExposure({ gatewayApi: options });
  }

  /** Not at all. */
  public static none(): ApiServerExposure {
    return new ApiServerExposure({ none: true });
  }

  /** {@link ApiServerExposure.istioApis} */
  declare public readonly istioApis?: ApiServerExposureOptions;
  /** {@link ApiServerExposure.gatewayApi} */
  declare public readonly gatewayApi?: ApiServerExposureOptions;
  /** {@link ApiServerExposure.none} */
  declare public readonly none?: true;

  private constructor(choice: ApiServerExposure) {
    Object.assign(this, choice);
  }
}
