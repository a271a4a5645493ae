import type { MonitoredGroup } from './monitored-group';

/** What a dashboard shows. */
export interface DashboardProps {
  /** The groups, each in a row of its own. */
  readonly groups: readonly MonitoredGroup[];

  /**
   * Title of the dashboard.
   * @default 'Machines in the mesh'
   */
  readonly title?: string;
}

/** Properties of MeshVmDashboard. */
export interface MeshVmDashboardProps extends DashboardProps {
  /**
   * Name of the ConfigMap, and of the file in it.
   * @default 'meshvm-dashboard'
   * @argsPlain
   */
  readonly name?: string;

  /**
   * Namespace of the ConfigMap: one in which Grafana's sidecar looks for dashboards.
   * @default - the chart's
   * @argsRequired
   */
  readonly namespace?: string;

  /**
   * Labels of the ConfigMap, by which Grafana's sidecar finds it.
   * @default { grafana_dashboard: '1' }, as Grafana's chart has it
   */
  readonly labels?: Readonly<Record<string, string>>;
}
