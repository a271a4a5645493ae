import type { IMeshVmGroup } from '../machines/references';
import type { HostTraffic } from './traffic-settings';
import type { TrafficTarget } from './traffic-target';

/** Properties of TrafficPolicy. */
export interface TrafficPolicyProps extends HostTraffic {
  /** Whose callers the policy is about. */
  readonly target: TrafficTarget;

  /**
   * Groups whose machines become subsets of the hosts, for a VirtualService of your own. Each subset has the name of the group's
   * version, with "-" for characters other than letters and digits. CanaryRelease makes its subsets itself.
   * @default []
   */
  readonly versions?: readonly IMeshVmGroup[];
}
