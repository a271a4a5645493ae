/** What callers speak to a port of a service. */
export enum ServiceProtocol {
  /** HTTP/1.1. */
  HTTP1 = 'HTTP1',
  /** HTTP/2 without gRPC. */
  HTTP2 = 'HTTP2',
  /** gRPC, which is spoken over HTTP/2. */
  GRPC = 'GRPC',
  /** Anything else that is carried by TCP. */
  TCP = 'TCP',
}
