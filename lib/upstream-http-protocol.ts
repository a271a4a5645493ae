/** Which HTTP callers speak to the endpoints. */
export enum UpstreamHttpProtocol {
  /** HTTP/2, also to ports whose name says HTTP/1.1. */
  HTTP2 = 'UPGRADE',
  /** What the port's name says, whatever the mesh's `h2UpgradePolicy`. */
  OF_PORT = 'DO_NOT_UPGRADE',
  /** What the client of the sidecar speaks. */
  OF_CLIENT = 'CLIENT',
}
