import type { Problems } from '../../core/problems';
import { checkRequired } from '../../core/values/names';
import type { DashboardSettings } from '../manifests/machine-dashboard';
import type { DashboardProps } from '../mesh-vm-dashboard-props';
import { checkGroups, resolveGroups } from './monitored-groups';

/** Fills in every default. */
export function resolveDashboard({ groups, title = 'Machines in the mesh' }: DashboardProps): DashboardSettings {
  return { title, machines: resolveGroups(groups) };
}

/** Everything about a dashboard that makes no sense. */
export function checkDashboard(problems: Problems, { groups, title }: DashboardProps): void {
  checkGroups(problems, groups);
  if (title !== undefined) checkRequired(problems, 'title', title);
}
