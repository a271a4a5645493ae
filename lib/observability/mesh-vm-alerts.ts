import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { emit } from '../core/emit';
import { Problems } from '../core/problems';
import { prometheusRule, ruleGroups } from './manifests/alert-rules';
import type { AlertRulesProps, MeshVmAlertsProps } from './mesh-vm-alerts-props';
import { checkAlerts, resolveAlerts } from './private/mesh-vm-alerts';
import { checkMonitoringObject } from './private/monitoring-object';

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
    const problems = new Problems();
    checkAlerts(problems, props);
    problems.throwIfAny('MeshVmAlerts.ruleFile');
    return { groups: ruleGroups(resolveAlerts(props)) };
  }

  /** Name of the PrometheusRule. */
  public readonly ruleName: string;
  /** Namespace of the PrometheusRule. */
  public readonly namespace: string;

  public constructor(scope: Construct, id: string, props: MeshVmAlertsProps) {
    super(scope, id);
    const object = {
      name: props.name ?? 'meshvm',
      namespace: props.namespace ?? Chart.of(this).namespace ?? '',
      labels: { ...props.labels },
    };
    const problems = new Problems();
    checkAlerts(problems, props);
    checkMonitoringObject(problems, object);
    problems.throwIfAny(this.node.path);

    this.ruleName = object.name;
    this.namespace = object.namespace;

    emit(this, 'Resource', prometheusRule({ ...resolveAlerts(props), ...object }));
  }
}
