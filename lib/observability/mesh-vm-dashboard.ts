import { Construct } from 'constructs';
import { emitAll } from '../core/emit';
import { placeOf } from '../core/place';
import { Problems } from '../core/problems';
import { readSpec } from '../core/spec/spec';
import type { DashboardProps, MeshVmDashboardProps } from './mesh-vm-dashboard-props';
import { planDashboardJson, planMeshVmDashboard } from './private/mesh-vm-dashboard';
import shapes from './shapes.json';

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
    const path = 'MeshVmDashboard.json';
    // Properties of the construct do as well: one set may serve the object and the file.
    return planDashboardJson(readSpec(path, props, shapes, 'MeshVmDashboardProps'), { path, problems: new Problems() });
  }

  /** Name of the ConfigMap. */
  public readonly configMapName: string;
  /** Namespace of the ConfigMap. */
  public readonly namespace: string;

  public constructor(scope: Construct, id: string, props: MeshVmDashboardProps) {
    super(scope, id);
    const spec = readSpec(this.node.path, props, shapes, 'MeshVmDashboardProps');
    const planned = planMeshVmDashboard(spec, placeOf(this));

    this.configMapName = planned.name;
    this.namespace = planned.namespace;

    emitAll(this, planned.objects);
  }
}
