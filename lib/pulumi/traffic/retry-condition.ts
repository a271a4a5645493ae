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
