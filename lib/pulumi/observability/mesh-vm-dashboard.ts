import * as pulumi from '@pulumi/pulumi';
import { planDashboardJson, planMeshVmDashboard } from '../../observability/private/mesh-vm-dashboard';
import shapes from '../../observability/shapes.json';
import { registerObjects } from '../core/register-objects';
import { planComponent, planData } from '../machines/component-plan';
import type { DashboardArgs, MeshVmDashboardArgs } from './mesh-vm-dashboard-args';

/**
 * A Grafana dashboard in a ConfigMap, that of the cdk8s construct of the same name: for each group how many machines run, are registered
 * and get traffic, requests, errors, latency and certificates; versions and registrations of the control plane. It reads what MeshVmAlerts
 * reads.
 *
 * @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered.
 */
export class MeshVmDashboard extends pulumi.ComponentResource {
  /**
   * The dashboard for Grafana's import or its provisioning, as plain data.
   *
   * @throws InputPropertiesError with everything that is wrong with the arguments.
   */
  public static json(args: DashboardArgs): pulumi.Output<Record<string, unknown>> {
    return planData('MeshVmDashboard.json', 'MeshVmDashboardProps', args, { shapes, plan: planDashboardJson });
  }

  /** Name of the ConfigMap. */
  public readonly configMapName!: pulumi.Output<string>;
  /** Namespace of the ConfigMap. */
  public readonly namespace!: pulumi.Output<string>;

  public constructor(name: string, args: MeshVmDashboardArgs, options?: pulumi.ComponentResourceOptions) {
    const planned = planComponent(name, args, { component: 'MeshVmDashboard', shapes, plan: planMeshVmDashboard });
    const { shape } = planned;
    super('meshvm:index:MeshVmDashboard', name, {}, options);
    registerObjects(this, name, planned, options);

    this.configMapName = pulumi.output(shape.name);
    this.namespace = pulumi.output(shape.namespace);
    this.registerOutputs({ configMapName: this.configMapName, namespace: this.namespace });
  }
}
