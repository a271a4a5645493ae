import { type Problems, rule } from '../../core/problems';
import type { MonitoredMachines } from '../manifests/machine-queries';
import type { MonitoredGroup } from '../monitored-group';
import { checkWhole } from './whole-numbers';

const MINIMUM = rule({
  id: 'monitoring/minimum-machines',
  origin: 'meshvm',
  allowed: 'a whole number from 1',
  remedy: 'give how many machines must be there; leave out a group that may have none',
  source: 'meshvm: no count of machines is below 0',
});
const NO_GROUPS = rule({
  id: 'monitoring/no-groups',
  origin: 'meshvm',
  allowed: 'at least one group',
  remedy: 'name the groups',
  source: 'meshvm: nothing would be told of any machine',
});
const GROUP_TWICE = rule({
  id: 'monitoring/group-twice',
  origin: 'kubernetes',
  allowed: 'each group once',
  remedy: 'remove one of the two',
  source: 'Prometheus rulefmt RuleGroups.Validate: names of groups of rules are unique in a file',
});

/** Groups as expressions see them. */
export function resolveGroups(groups: readonly MonitoredGroup[]): readonly MonitoredMachines[] {
  return groups.map(({ group, minimumMachines }) => ({
    namespace: group.namespace,
    workload: group.groupName,
    minimum: minimumMachines ?? 1,
  }));
}

/** Everything about monitored groups that makes no sense. */
export function checkGroups(problems: Problems, groups: readonly MonitoredGroup[]): void {
  if (groups.length === 0) problems.add(NO_GROUPS, 'groups', groups);
  const seen = new Set<string>();
  for (const [index, { group, minimumMachines }] of groups.entries()) {
    const identity = `${group.namespace}/${group.groupName}`;
    if (seen.has(identity)) problems.add(GROUP_TWICE, `groups[${index}].group`, group.groupName);
    seen.add(identity);
    checkWhole(problems, MINIMUM, `groups[${index}].minimumMachines`, minimumMachines);
  }
}
