/** What happens to connections that go to none of the declared hosts. */
export enum OutboundTraffic {
  /** They are closed; HTTP on a port that a declared host has too is answered 502. */
  REGISTRY_ONLY = 'REGISTRY_ONLY',
  /** They go where they were going, as if there were no mesh. */
  ALLOW_ANY = 'ALLOW_ANY',
}
