/** Options of ServiceExposure. */
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
    return new ServiceExposure(options.hosts ?? ['*.local'], false);
  }

  /** By the Kubernetes Gateway API. Its custom resources must be there. */
  public static gatewayApi(options: ServiceExposureOptions = {}): ServiceExposure {
    return new ServiceExposure(options.hosts ?? ['*.local'], true);
  }

  /** Not at all. */
  public static none(): ServiceExposure {
    return new ServiceExposure(undefined, false);
  }

  private constructor(
    /** Hosts that may be reached, or undefined when no services are exposed. */
    public readonly hosts: readonly string[] | undefined,
    /** Whether by the Gateway API. */
    public readonly usesGatewayApi: boolean,
  ) {}

  /** Whether services are exposed. */
  public get exposed(): boolean {
    return this.hosts !== undefined;
  }
}
