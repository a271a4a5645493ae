import type * as pulumi from '@pulumi/pulumi';
import type { MonitoredGroupArgs } from './monitored-group-args';

/** What a dashboard shows. */
export interface DashboardArgs {
  /** The groups, each in a row of its own. */
  readonly groups: MonitoredGroupArgs[];

  /**
   * Title of the dashboard.
   * @default 'Machines in the mesh'
   */
  readonly title?: pulumi.Input<string>;
}

/** Arguments of MeshVmDashboard. */
export interface MeshVmDashboardArgs extends DashboardArgs {
  /**
   * Name of the ConfigMap, and of the file in it.
   * @default 'meshvm-dashboard'
   */
  readonly name?: string;

  /** Namespace of the ConfigMap: one in which Grafana's sidecar looks for dashboards. */
  readonly namespace: pulumi.Input<string>;

  /**
   * Labels of the ConfigMap, by which Grafana's sidecar finds it.
   * @default { grafana_dashboard: '1' }, as Grafana's chart has it
   */
  readonly labels?: Record<string, pulumi.Input<string>>;
}
