/**
 * How often a service is asked, and how many answers count.
 * @args HealthCheckTimesArgs
 */
export interface ServiceHealthCheckOptions {
  /**
   * Seconds between two questions.
   * @default 10
   */
  readonly intervalSeconds?: number;

  /**
   * Seconds until a question has failed.
   * @default 2
   */
  readonly timeoutSeconds?: number;

  /**
   * Failures in a row after which a gateway is no longer called for the service.
   * @default 3
   */
  readonly unhealthyThreshold?: number;

  /**
   * Good answers in a row after which it is called again.
   * @default 1
   */
  readonly healthyThreshold?: number;
}

/** What Envoy asks a service through each gateway, so that a way that leads nowhere is known before a request takes it. */
export class ServiceHealthCheck {
  /**
   * A request that must be answered with status 200.
   *
   * @param path Path of the request, such as `/healthz`.
   */
  public static http(path: string, options: ServiceHealthCheckOptions = {}): ServiceHealthCheck {
    return new ServiceHealthCheck({ http: { ...options, path } });
  }

  /**
   * gRPC's own health service, `grpc.health.v1.Health`.
   *
   * @param service Name of the service to ask for; by default the server as a whole.
   */
  public static grpc(service?: string, options: ServiceHealthCheckOptions = {}): ServiceHealthCheck {
    return new ServiceHealthCheck({ grpc: service === undefined ? options : { ...options, service } });
  }

  /** That the handshake of mutual TLS succeeds, and nothing more. */
  public static connect(options: ServiceHealthCheckOptions = {}): ServiceHealthCheck {
    return new ServiceHealthCheck({ connect: options });
  }

  /** {@link ServiceHealthCheck.http} */
  declare public readonly http?: HttpHealthCheck;
  /** {@link ServiceHealthCheck.grpc} */
  declare public readonly grpc?: GrpcHealthCheck;
  /** {@link ServiceHealthCheck.connect} */
  declare public readonly connect?: ServiceHealthCheckOptions;

  private constructor(choice: ServiceHealthCheck) {
    Object.assign(this, choice);
  }
}

/** A health check by HTTP. */
export interface HttpHealthCheck extends ServiceHealthCheckOptions {
  /**
   * Path of the request, such as `/healthz`.
   * @argsPlain
   */
  readonly path: string;
}

/** A health check by gRPC. */
export interface GrpcHealthCheck extends ServiceHealthCheckOptions {
  /**
   * Name of the service to ask for.
   * @default - the server as a whole
   * @argsPlain
   */
  readonly service?: string;
}
