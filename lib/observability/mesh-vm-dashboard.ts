import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { emit } from '../core/emit';
import { Problems } from '../core/problems';
import { dashboard, dashboardConfigMap } from './manifests/machine-dashboard';
import type { DashboardProps, MeshVmDashboardProps } from './mesh-vm-dashboard-props';
import { checkDashboard, resolveDashboard } from './private/mesh-vm-dashboard';
import { checkMonitoringObject } from './private/monitoring-object';

/**
 * A Grafana dashboard in a ConfigMap: for each group how many machines run, are registered and get traffic, requests, errors, latency and
 * certificates; versions and registrations of the control plane. It reads what MeshVmAlerts reads.
 *
 * @example
 * new MeshVmDashboard(chart, 'dashboard', { groups: [{ group, minimumMachines: 2 }] });
 * @throws ValidationError with every problem of the properties.
 */
export class MeshVmDashboard extends Construct {
  /**
   * The dashboard for Grafana's import or its provisioning, as plain data.
   *
   * @throws ValidationError with every problem of the properties.
   */
  public static json(props: DashboardProps): Readonly<Record<string, unknown>> {
    const problems = new Problems();
    checkDashboard(problems, props);
    problems.throwIfAny('MeshVmDashboard.json');
    return dashboard(resolveDashboard(props));
  }

  /** Name of the ConfigMap. */
  public readonly configMapName: string;
  /** Namespace of the ConfigMap. */
  public readonly namespace: string;

  public constructor(scope: Construct, id: string, props: MeshVmDashboardProps) {
    super(scope, id);
    const object = {
      name: props.name ?? 'meshvm-dashboard',
      namespace: props.namespace ?? Chart.of(this).namespace ?? '',
      labels: { ...(props.labels ?? { grafana_dashboard: '1' }) },
    };
    const problems = new Problems();
    checkDashboard(problems, props);
    checkMonitoringObject(problems, object);
    problems.throwIfAny(this.node.path);

    this.configMapName = object.name;
    this.namespace = object.namespace;

    emit(this, 'Resource', dashboardConfigMap({ ...resolveDashboard(props), ...object }));
  }
}
