/** What a request that has failed must look like to be tried again. */
export class RetryOn {
  /** The connection was refused or timed out: the application has not seen the request. */
  public static readonly CONNECT_FAILURE = new RetryOn({ condition: 'connect-failure' });
  /** HTTP/2: the server has refused the stream, and says that it has not looked at it. */
  public static readonly REFUSED_STREAM = new RetryOn({ condition: 'refused-stream' });
  /** The connection broke before the request was sent. */
  public static readonly RESET_BEFORE_REQUEST = new RetryOn({ condition: 'reset-before-request' });
  /** The connection broke, or no answer came in time: the application may have done its work. */
  public static readonly RESET = new RetryOn({ condition: 'reset' });
  /** HTTP: any answer 500 to 599, and what RESET covers: the application may have done its work. */
  public static readonly SERVER_ERROR = new RetryOn({ condition: '5xx' });
  /** HTTP: an answer 502, 503 or 504: the application may have done its work. */
  public static readonly GATEWAY_ERROR = new RetryOn({ condition: 'gateway-error' });
  /** HTTP: an answer 409. */
  public static readonly CONFLICT = new RetryOn({ condition: 'retriable-4xx' });
  /** HTTP: an answer that says that it comes from the rate limit of a proxy. */
  public static readonly RATE_LIMITED = new RetryOn({ condition: 'envoy-ratelimited' });
  /** gRPC: status CANCELLED. */
  public static readonly GRPC_CANCELLED = new RetryOn({ condition: 'cancelled' });
  /** gRPC: status DEADLINE_EXCEEDED: the application may have done its work. */
  public static readonly GRPC_DEADLINE_EXCEEDED = new RetryOn({ condition: 'deadline-exceeded' });
  /** gRPC: status INTERNAL: the application may have done its work. */
  public static readonly GRPC_INTERNAL = new RetryOn({ condition: 'internal' });
  /** gRPC: status RESOURCE_EXHAUSTED: retries make an overload worse. */
  public static readonly GRPC_RESOURCE_EXHAUSTED = new RetryOn({ condition: 'resource-exhausted' });
  /** gRPC: status UNAVAILABLE, which gRPC's own clients take for safe to retry. */
  public static readonly GRPC_UNAVAILABLE = new RetryOn({ condition: 'unavailable' });

  /**
   * HTTP: an answer with this status.
   *
   * @param code Such as 503.
   */
  public static status(code: number): RetryOn {
    return new RetryOn({ status: code });
  }

  /**
   * What has happened, as Envoy writes it, such as `connect-failure`.
   * @argsType RetryCondition
   */
  declare public readonly condition?: string;
  /** {@link RetryOn.status} */
  declare public readonly status?: number;

  private constructor(choice: RetryOn) {
    Object.assign(this, choice);
  }
}

/** How often and when a request is tried again, on another machine than before. */
export interface Retries {
  /** Attempts after the first; 0 turns retries off, which Istio does twice by default. */
  readonly attempts: number;

  /**
   * Seconds until an attempt has failed.
   * @default - `timeoutSeconds` of all attempts together
   */
  readonly perTryTimeoutSeconds?: number;

  /**
   * When to try again: any of these.
   * @default - what is safe for requests that must not be done twice: CONNECT_FAILURE, REFUSED_STREAM and RESET_BEFORE_REQUEST;
   * with ports of HTTP status 503 too, with ports of gRPC GRPC_UNAVAILABLE too
   * @argsDefault - what is safe for requests that must not be done twice: ConnectFailure, RefusedStream and ResetBeforeRequest; with
   * ports of HTTP status 503 too, with ports of gRPC GrpcUnavailable too
   */
  readonly retryOn?: readonly RetryOn[];

  /**
   * Seconds before the second attempt; before each further one more, at random.
   * @default 0.025
   */
  readonly backoffSeconds?: number;

  /**
   * Whether other localities are tried too. Needs outlier detection.
   * @default false
   */
  readonly retryRemoteLocalities?: boolean;
}
