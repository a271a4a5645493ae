import { Problems } from '../core/problems';
import { checkHealthPath } from './private/health-path';

/** How often a service is asked, and how many answers count. */
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
   * @throws ValidationError for a path that no request can have.
   */
  public static http(path: string, options: ServiceHealthCheckOptions = {}): ServiceHealthCheck {
    const problems = new Problems();
    checkHealthPath(problems, 'path', path);
    problems.throwIfAny('ServiceHealthCheck.http');
    return new ServiceHealthCheck('http', path, undefined, options);
  }

  /**
   * gRPC's own health service, `grpc.health.v1.Health`.
   *
   * @param service Name of the service to ask for; by default the server as a whole.
   */
  public static grpc(service?: string, options: ServiceHealthCheckOptions = {}): ServiceHealthCheck {
    return new ServiceHealthCheck('grpc', undefined, service, options);
  }

  /** That the handshake of mutual TLS succeeds, and nothing more. */
  public static connect(options: ServiceHealthCheckOptions = {}): ServiceHealthCheck {
    return new ServiceHealthCheck('tcp', undefined, undefined, options);
  }

  private constructor(
    /** `http`, `grpc` or `tcp`. */
    public readonly kind: string,
    /** Path of the request, for HTTP. */
    public readonly path: string | undefined,
    /** Name of the service, for gRPC. */
    public readonly service: string | undefined,
    /** How often, and how many answers count. */
    public readonly options: ServiceHealthCheckOptions,
  ) {}
}
