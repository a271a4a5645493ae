import type { IMeshVmGroup } from '../machines/references';
import type { EgressDestination, OutboundTraffic } from './egress-destination';

/** Properties of EgressScope. */
export interface EgressScopeProps {
  /** The group whose machines call. */
  readonly group: IMeshVmGroup;

  /**
   * What they call. The Services over the group itself need no entry: they stay known, because the machine's own checks look at them.
   * Neither does istiod: the sidecar reaches it by an address of its own, before and beside all configuration. Services that the mesh's
   * extension providers name (tracing, logs, external authorization) need one, or the sidecar goes without them.
   */
  readonly destinations: readonly EgressDestination[];

  /** What happens to connections that go anywhere else. Those that the capture leaves alone never get here. */
  readonly outbound: OutboundTraffic;

  /**
   * Name of the Sidecar.
   * @default - the group's name
   */
  readonly name?: string;
}
