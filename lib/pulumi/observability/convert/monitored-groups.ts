import type { MonitoredGroup } from '../../../observability/monitored-group';
import type { ArgumentProblems } from '../../core/arguments';
import { groupOf, groupReference, type MemberReference } from '../../machines/references';
import type { MonitoredGroupArgs } from '../monitored-group-args';

/** MonitoredGroupArgs as data of a plan. */
export interface MonitoredGroupData {
  readonly group: MemberReference;
  readonly minimumMachines: number | undefined;
}

/** Arguments with what is known of the groups that they refer to; Inputs are leaves of the plan. */
export function monitoredGroupsData(args: readonly MonitoredGroupArgs[]): readonly MonitoredGroupData[] {
  return args.map(({ group, minimumMachines }, index) => ({
    group: groupReference(group, `groups[${index}].group`),
    minimumMachines,
  }));
}

/** Groups as the library's checks take them. */
export function monitoredGroupsOf(
  problems: ArgumentProblems,
  data: readonly MonitoredGroupData[],
): readonly MonitoredGroup[] {
  return data.map(({ group, minimumMachines }) => ({ group: groupOf(problems, group), minimumMachines }));
}
