import type { GroupReferenceArgs } from '../machines/reference-args';
import type { HostTrafficArgs } from './traffic-settings-args';
import type { TrafficTargetArgs } from './traffic-target-args';

/** Arguments of TrafficPolicy. */
export interface TrafficPolicyArgs extends HostTrafficArgs {
  /** Whose callers the policy is about. */
  readonly target: TrafficTargetArgs;

  /**
   * Groups whose machines become subsets of the hosts, for a VirtualService of your own. Each subset has the name of the group's
   * version, with "-" for characters other than letters and digits. CanaryRelease makes its subsets itself.
   * @default []
   */
  readonly versions?: GroupReferenceArgs[];
}
