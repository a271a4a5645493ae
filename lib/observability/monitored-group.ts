import type { IMeshVmGroup } from '../machines/references';

/** A group that alerts and dashboards are about. */
export interface MonitoredGroup {
  /** The group. */
  readonly group: IMeshVmGroup;

  /**
   * How many machines must be registered and get traffic: for an autoscaling group its smallest size.
   * @default 1
   */
  readonly minimumMachines?: number;
}
