import { Construct } from 'constructs';
import { emitAll } from '../core/emit';
import { placeOf } from '../core/place';
import { Problems } from '../core/problems';
import { readSpec } from '../core/spec/spec';
import type { AlertRulesProps, MeshVmAlertsProps } from './mesh-vm-alerts-props';
import { planMeshVmAlerts, planRuleFile } from './private/mesh-vm-alerts';
import shapes from './shapes.json';

/**
 * Alerts about machines and the control plane that they join: a PrometheusRule of prometheus-operator. Without the operator,
 * `MeshVmAlerts.ruleFile` is the same for Prometheus's `rule_files`.
 *
 * They need three sources: the machines (MachineScrapeConfig), istiod, and kube-state-metrics with WorkloadEntryMetrics. Istio itself has
 * no metric of which machines of which group are registered and healthy.
 *
 * @example
 * new MeshVmAlerts(chart, 'alerts', { groups: [{ group, minimumMachines: 2 }], labels: { release: 'prometheus' } });
 * @throws ValidationError with every problem of the properties.
 */
export class MeshVmAlerts extends Construct {
  /**
   * A file of rules for Prometheus, as plain data.
   *
   * @throws ValidationError with every problem of the properties.
   */
  public static ruleFile(props: AlertRulesProps): Readonly<Record<string, unknown>> {
    const path = 'MeshVmAlerts.ruleFile';
    // Properties of the construct do as well: one set may serve the object and the file.
    return planRuleFile(readSpec(path, props, shapes, 'MeshVmAlertsProps'), { path, problems: new Problems() });
  }

  /** Name of the PrometheusRule. */
  public readonly ruleName: string;
  /** Namespace of the PrometheusRule. */
  public readonly namespace: string;

  public constructor(scope: Construct, id: string, props: MeshVmAlertsProps) {
    super(scope, id);
    const spec = readSpec(this.node.path, props, shapes, 'MeshVmAlertsProps');
    const planned = planMeshVmAlerts(spec, placeOf(this));

    this.ruleName = planned.name;
    this.namespace = planned.namespace;

    emitAll(this, planned.objects);
  }
}
