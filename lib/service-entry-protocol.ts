/** Protocol of a ServiceEntry's port. */
export enum ServiceEntryProtocol {
  /** HTTP/1.1 in plain text. */
  HTTP = 'HTTP',
  /** TLS of the application, routed by server name. For callers the same as TLS. */
  HTTPS = 'HTTPS',
  /** HTTP/2 in plain text. */
  HTTP2 = 'HTTP2',
  /** gRPC in plain text. */
  GRPC = 'GRPC',
  /** gRPC-Web in plain text. */
  GRPC_WEB = 'GRPC-WEB',
  /** Any TCP protocol: the address alone tells hosts apart. */
  TCP = 'TCP',
  /** TLS of the application, routed by server name. */
  TLS = 'TLS',
  /** MongoDB. */
  MONGO = 'MONGO',
  /** Redis; TCP unless istiod runs with `PILOT_ENABLE_REDIS_FILTER`. */
  REDIS = 'REDIS',
  /** MySQL; TCP unless istiod runs with `PILOT_ENABLE_MYSQL_FILTER`. */
  MYSQL = 'MYSQL',
}
