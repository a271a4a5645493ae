import { dashboard, dashboardConfigMap } from '../../../observability/manifests/machine-dashboard';
import type { DashboardProps } from '../../../observability/mesh-vm-dashboard-props';
import { checkDashboard, resolveDashboard } from '../../../observability/private/mesh-vm-dashboard';
import { checkMonitoringObject } from '../../../observability/private/monitoring-object';
import { ArgumentProblems } from '../../core/arguments';
import { type Plan, plan } from '../../core/plan';
import type { PlannedObjects } from '../../core/planned-objects';
import { type MonitoredGroupData, monitoredGroupsData, monitoredGroupsOf } from '../convert/monitored-groups';
import type { DashboardArgs, MeshVmDashboardArgs } from '../mesh-vm-dashboard-args';

/** @throws InputPropertiesError with everything that is wrong with the arguments. */
export function planDashboard(name: string, { name: ofObject, namespace, labels, ...shown }: MeshVmDashboardArgs) {
  const object = {
    name: ofObject ?? 'meshvm-dashboard',
    namespace,
    labels: labels ?? { grafana_dashboard: '1' },
  };
  return plan({ object, shown: shownData(shown) }, (known, run): PlannedObjects => {
    const problems = new ArgumentProblems(run);
    const props = shownOf(problems, known.shown as KnownDashboard);
    checkDashboard(problems.problems, props);
    checkMonitoringObject(problems.problems, known.object);
    problems.throwIfAny(`MeshVmDashboard ${name}`);
    return {
      name: known.object.name,
      namespace: known.object.namespace,
      objects: { Resource: dashboardConfigMap({ ...resolveDashboard(props), ...known.object }) },
    };
  });
}

/** @throws InputPropertiesError with everything that is wrong with the arguments. */
export function planDashboardJson(args: DashboardArgs): Plan<Record<string, unknown>> {
  return plan(shownData(args), (known, run) => {
    const problems = new ArgumentProblems(run);
    const props = shownOf(problems, known as KnownDashboard);
    checkDashboard(problems.problems, props);
    problems.throwIfAny('MeshVmDashboard.json');
    return dashboard(resolveDashboard(props));
  });
}

interface KnownDashboard {
  readonly title: string | undefined;
  readonly groups: readonly MonitoredGroupData[];
}

function shownData({ groups, title }: DashboardArgs) {
  return { title, groups: monitoredGroupsData(groups) };
}

function shownOf(problems: ArgumentProblems, { title, groups }: KnownDashboard): DashboardProps {
  return { title, groups: monitoredGroupsOf(problems, groups) };
}
