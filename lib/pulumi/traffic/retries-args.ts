/** What a request that has failed must look like to be tried again. */
export enum RetryCondition {
  /** The connection was refused or timed out: the application has not seen the request. */
  ConnectFailure = 'connect-failure',
  /** HTTP/2: the server has refused the stream, and says that it has not looked at it. */
  RefusedStream = 'refused-stream',
  /** The connection broke before the request was sent. */
  ResetBeforeRequest = 'reset-before-request',
  /** The connection broke, or no answer came in time: the application may have done its work. */
  Reset = 'reset',
  /** HTTP: any answer 500 to 599, and what Reset covers: the application may have done its work. */
  ServerError = '5xx',
  /** HTTP: an answer 502, 503 or 504: the application may have done its work. */
  GatewayError = 'gateway-error',
  /** HTTP: an answer 409. */
  Conflict = 'retriable-4xx',
  /** HTTP: an answer that says that it comes from the rate limit of a proxy. */
  RateLimited = 'envoy-ratelimited',
  /** gRPC: status CANCELLED. */
  GrpcCancelled = 'cancelled',
  /** gRPC: status DEADLINE_EXCEEDED: the application may have done its work. */
  GrpcDeadlineExceeded = 'deadline-exceeded',
  /** gRPC: status INTERNAL: the application may have done its work. */
  GrpcInternal = 'internal',
  /** gRPC: status RESOURCE_EXHAUSTED: retries make an overload worse. */
  GrpcResourceExhausted = 'resource-exhausted',
  /** gRPC: status UNAVAILABLE, which gRPC's own clients take for safe to retry. */
  GrpcUnavailable = 'unavailable',
}

/** How often and when a request is tried again, on another machine than before. */
export interface RetriesArgs {
  /** Attempts after the first; 0 turns retries off, which Istio does twice by default. */
  readonly attempts: number;

  /**
   * Seconds until an attempt has failed.
   * @default - `timeoutSeconds` of all attempts together
   */
  readonly perTryTimeoutSeconds?: number;

  /**
   * When to try again: any of these, and of `retryOnStatus`.
   * @default - without `retryOnStatus` what is safe for requests that must not be done twice: ConnectFailure, RefusedStream and
   * ResetBeforeRequest; with ports of HTTP status 503 too, with ports of gRPC GrpcUnavailable too
   */
  readonly retryOn?: RetryCondition[];

  /**
   * HTTP: answers with one of these statuses, such as 503.
   * @default - see retryOn
   */
  readonly retryOnStatus?: number[];

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
