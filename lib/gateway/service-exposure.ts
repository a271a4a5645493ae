/** Services that are exposed. */
export interface ServiceExposureOptions {
  /**
   * Hosts of services that other networks may reach: full names, or `*.` and a suffix, such as `*.payments.svc.cluster.local`.
   * @default ['*.local']
   */
  readonly hosts?: readonly string[];
}

/**
 * Whether an east-west gateway lets sidecars of other networks in to the services of its own: port 15443, by the server name that
 * Istio's sidecars send, mutual TLS from end to end. Machines in the network of the pods don't need it.
 *
 * An exposed gateway carries the label of the mesh's network, by which istiod sends other networks' traffic to it.
 */
export class ServiceExposure {
  /** By Istio's own Gateway. */
  public static istioApis(options: ServiceExposureOptions = {}): ServiceExposure {
    return new ServiceExposure({ istioApis: options });
  }

  /** By the Kubernetes Gateway API. Its custom resources must be there. */
  public static gatewayApi(options: ServiceExposureOptions = {}): ServiceExposure {
    return new ServiceExposure({ gatewayApi: options });
  }

  /** Not at all. */
  public static none(): ServiceExposure {
    return new ServiceExposure({ none: true });
  }

  /** {@link ServiceExposure.istioApis} */
  declare public readonly istioApis?: ServiceExposureOptions;
  /** {@link ServiceExposure.gatewayApi} */
  declare public readonly gatewayApi?: ServiceExposureOptions;
  /** {@link ServiceExposure.none} */
  declare public readonly none?: true;

  private constructor(choice: ServiceExposure) {
    Object.assign(this, choice);
  }
}
