import type { GroupReferenceArgs } from '../machines/reference-args';

/** A group that alerts and dashboards are about. */
export interface MonitoredGroupArgs {
  /** The group. */
  readonly group: GroupReferenceArgs;

  /**
   * How many machines must be registered and get traffic: for an autoscaling group its smallest size.
   * @default 1
   */
  readonly minimumMachines?: number;
}
