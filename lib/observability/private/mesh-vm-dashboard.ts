import type { DataPlace, Place } from '../../core/place';
import type { PlannedObjects } from '../../core/planned-objects';
import type { Problems } from '../../core/problems';
import { checkRequired } from '../../core/values/names';
import { type DashboardSettings, dashboard, dashboardConfigMap } from '../manifests/machine-dashboard';
import type { DashboardProps, MeshVmDashboardProps } from '../mesh-vm-dashboard-props';
import { checkGroups, resolveGroups } from './monitored-groups';
import { checkMonitoringObject } from './monitoring-object';

/** From the spec to the object. @throws ValidationError with everything that is wrong. */
export function planMeshVmDashboard(spec: MeshVmDashboardProps, { path, namespace, problems }: Place): PlannedObjects {
  const { name = 'meshvm-dashboard', labels = { grafana_dashboard: '1' } } = spec;
  const object = { name, namespace: spec.namespace ?? namespace, labels };
  checkDashboard(problems, spec);
  checkMonitoringObject(problems, object);
  problems.throwIfAny(path);
  const configMap = dashboardConfigMap({ ...resolveDashboard(spec), ...object });
  return { name, namespace: object.namespace, objects: { Resource: configMap } };
}

/** From the spec to the dashboard itself. @throws ValidationError with everything that is wrong. */
export function planDashboardJson(spec: DashboardProps, { path, problems }: DataPlace): Record<string, unknown> {
  checkDashboard(problems, spec);
  problems.throwIfAny(path);
  return dashboard(resolveDashboard(spec));
}

/** Fills in every default. */
function resolveDashboard({ groups, title = 'Machines in the mesh' }: DashboardProps): DashboardSettings {
  return { title, machines: resolveGroups(groups) };
}

/** Everything about a dashboard that makes no sense. */
function checkDashboard(problems: Problems, { groups, title }: DashboardProps): void {
  checkGroups(problems, groups);
  if (title !== undefined) checkRequired(problems, 'title', title);
}
