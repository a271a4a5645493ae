import * as pulumi from '@pulumi/pulumi';
import { planMeshVmAlerts, planRuleFile } from '../../observability/private/mesh-vm-alerts';
import shapes from '../../observability/shapes.json';
import { registerObjects } from '../core/register-objects';
import { planComponent, planData } from '../machines/component-plan';
import type { AlertRulesArgs, MeshVmAlertsArgs } from './mesh-vm-alerts-args';

/**
 * Alerts about machines and the control plane that they join: a PrometheusRule of prometheus-operator, that of the cdk8s construct of the
 * same name. Without the operator, `MeshVmAlerts.ruleFile` is the same for Prometheus's `rule_files`.
 *
 * They need three sources: the machines (MachineScrapeConfig), istiod, and kube-state-metrics with WorkloadEntryMetrics. Istio itself has
 * no metric of which machines of which group are registered and healthy.
 *
 * @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered.
 */
export class MeshVmAlerts extends pulumi.ComponentResource {
  /**
   * A file of rules for Prometheus, as plain data: for the values of Prometheus's Helm chart.
   *
   * @throws InputPropertiesError with everything that is wrong with the arguments.
   */
  public static ruleFile(args: AlertRulesArgs): pulumi.Output<Record<string, unknown>> {
    return planData('MeshVmAlerts.ruleFile', 'MeshVmAlertsProps', args, { shapes, plan: planRuleFile });
  }

  /** Name of the PrometheusRule. */
  public readonly ruleName!: pulumi.Output<string>;
  /** Namespace of the PrometheusRule. */
  public readonly namespace!: pulumi.Output<string>;

  public constructor(name: string, args: MeshVmAlertsArgs, options?: pulumi.ComponentResourceOptions) {
    const planned = planComponent(name, args, { component: 'MeshVmAlerts', shapes, plan: planMeshVmAlerts });
    const { shape } = planned;
    super('meshvm:index:MeshVmAlerts', name, {}, options);
    registerObjects(this, name, planned, options);

    this.ruleName = pulumi.output(shape.name);
    this.namespace = pulumi.output(shape.namespace);
    this.registerOutputs({ ruleName: this.ruleName, namespace: this.namespace });
  }
}
