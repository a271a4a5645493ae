import type { GroupReferenceArgs } from '../machines/reference-args';
import type { RequestMatchArgs } from './request-match-args';
import type { RetriesArgs } from './retries-args';
import type { HostTrafficArgs } from './traffic-settings-args';
import type { TrafficTargetArgs } from './traffic-target-args';

/** The share of a version. */
export interface VersionShareArgs {
  /** Group whose machines run the version. */
  readonly group: GroupReferenceArgs;

  /** Percentage of the traffic, a whole number. With 0 the version is known, and gets nothing but what `routes` send. */
  readonly percent: number;
}

/** Requests that go to one version, whatever its share. */
export interface VersionRouteArgs {
  /** Which requests. */
  readonly match: RequestMatchArgs;

  /** Group that gets them. */
  readonly group: GroupReferenceArgs;
}

/** A version that gets copies of requests. Callers never see its answers. */
export interface VersionMirrorArgs {
  /** Group that gets the copies. */
  readonly group: GroupReferenceArgs;

  /**
   * Percentage of the requests that are copied.
   * @default 100
   */
  readonly percent?: number;
}

/** Arguments of CanaryRelease. */
export interface CanaryReleaseArgs {
  /**
   * The versions: groups with the same `canonicalService` that stand behind the same Services. Together 100 percent. Groups that only
   * `routes` or `mirror` name need not be here.
   */
  readonly versions: VersionShareArgs[];

  /**
   * Whose callers the release is about. Needed where no version is a MeshVmGroup of the program with Services.
   * @default - the Services of the version that has them
   */
  readonly target?: TrafficTargetArgs;

  /**
   * Requests that go to one version whatever its share, first match first. For HTTP and gRPC.
   * @default []
   */
  readonly routes?: VersionRouteArgs[];

  /**
   * A version that gets copies of the requests which no route matches. For HTTP and gRPC; requests that change something are copied
   * too.
   * @default - none
   */
  readonly mirror?: VersionMirrorArgs;

  /**
   * Seconds until the caller gets an error, all attempts together. For HTTP and gRPC; it cuts streams too.
   * @default - none
   */
  readonly timeoutSeconds?: number;

  /**
   * How often and when requests are tried again. For HTTP and gRPC.
   * @default - what the mesh says, as a rule 2 attempts after the first
   */
  readonly retries?: RetriesArgs;

  /**
   * What a TrafficPolicy would say of the same hosts, of which there is one DestinationRule alone.
   * @default {}
   */
  readonly traffic?: HostTrafficArgs;
}
