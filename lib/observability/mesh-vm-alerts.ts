import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { emit } from '../core/emit';
import { Problems } from '../core/problems';
import { prometheusRule, ruleGroups } from './manifests/alert-rules';
import type { MonitoredGroup } from './monitored-group';
import { checkAlerts, checkMonitoringObject, resolveAlerts } from './private/machine-monitoring';

/** What alerts are about, and when they fire. */
export interface AlertRulesProps {
  /** The groups. */
  readonly groups: readonly MonitoredGroup[];

  /**
   * Hours before the end of a machine's certificate at which it counts as not renewed. Certificates last 24 hours and are renewed after
   * about 12, unless istiod is told otherwise.
   * @default 6
   */
  readonly certificateHoursLeft?: number;

  /**
   * Days before the end of istiod's root certificate.
   * @default 30
   */
  readonly rootCertificateDaysLeft?: number;

  /**
   * Hours for which proxies may run a version that no istiod has: as long as an upgrade may take.
   * @default 24
   */
  readonly versionSkewHours?: number;

  /**
   * Labels of every alert, for routing, such as `team`. `severity` is ours: `critical` or `warning`.
   * @default {}
   */
  readonly alertLabels?: Readonly<Record<string, string>>;

  /**
   * Page with the runbook; each alert links to its section, the alert's name in lower case.
   * @default - no link: the description of each alert says what to do first
   */
  readonly runbookUrl?: string;
}

/** Properties of MeshVmAlerts. */
export interface MeshVmAlertsProps extends AlertRulesProps {
  /**
   * Name of the PrometheusRule.
   * @default 'meshvm'
   */
  readonly name?: string;

  /**
   * Namespace of the PrometheusRule.
   * @default - the chart's
   */
  readonly namespace?: string;

  /**
   * Labels of the PrometheusRule, by which a Prometheus selects it: with the chart kube-prometheus-stack, `release`.
   * @default {}
   */
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * Alerts about machines and the control plane that they join: a PrometheusRule of prometheus-operator. Without the operator,
 * `MeshVmAlerts.ruleFile` is the same for Prometheus's `rule_files`.
 *
 * They need three sources: the machines (MachineScrapeConfig), istiod, and kube-state-metrics with WorkloadEntryMetrics. Istio itself has
 * no metric of which machines of which group are registered and healthy.
 *
 * @example
 * new MeshVmAlerts(chart, 'alerts', { groups: [{ group, minimumMachines: 2 }], labels: { release: 'prometheus' } });
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

  /** @throws ValidationError with every problem of the properties. */
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
