import type { Acknowledging } from '../core/acknowledging';
import type { IMeshVmGroup } from '../machines/references';
import type { RequestMatch } from './request-match';
import type { Retries } from './retries';
import type { HostTraffic } from './traffic-settings';
import type { TrafficTarget } from './traffic-target';

/** The share of a version. */
export interface VersionShare {
  /** Group whose machines run the version. */
  readonly group: IMeshVmGroup;

  /** Percentage of the traffic, a whole number. With 0 the version is known, and gets nothing but what `routes` send. */
  readonly percent: number;
}

/** Requests that go to one version, whatever its share. */
export interface VersionRoute {
  /** Which requests. */
  readonly match: RequestMatch;

  /** Group that gets them. */
  readonly group: IMeshVmGroup;
}

/** A version that gets copies of requests. Callers never see its answers. */
export interface VersionMirror {
  /** Group that gets the copies. */
  readonly group: IMeshVmGroup;

  /**
   * Percentage of the requests that are copied.
   * @default 100
   */
  readonly percent?: number;
}

/** Properties of CanaryRelease. */
export interface CanaryReleaseProps extends Acknowledging {
  /**
   * The versions: groups with the same `canonicalService` that stand behind the same Services. Together 100 percent. Groups that only
   * `routes` or `mirror` name need not be here.
   */
  readonly versions: readonly VersionShare[];

  /**
   * Whose callers the release is about.
   * @default - the Services of the version that has them
   */
  readonly target?: TrafficTarget;

  /**
   * Requests that go to one version whatever its share, first match first. For HTTP and gRPC.
   * @default []
   */
  readonly routes?: readonly VersionRoute[];

  /**
   * A version that gets copies of the requests which no route matches. For HTTP and gRPC; requests that change something are copied
   * too.
   * @default - none
   */
  readonly mirror?: VersionMirror;

  /**
   * Seconds until the caller gets an error, all attempts together. For HTTP and gRPC; it cuts streams too.
   * @default - none
   */
  readonly timeoutSeconds?: number;

  /**
   * How often and when requests are tried again. For HTTP and gRPC.
   * @default - what the mesh says, as a rule 2 attempts after the first
   */
  readonly retries?: Retries;

  /**
   * What a TrafficPolicy would say of the same hosts, of which there is one DestinationRule alone.
   * @default {}
   */
  readonly traffic?: HostTraffic;
}
