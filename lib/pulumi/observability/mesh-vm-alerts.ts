import * as pulumi from '@pulumi/pulumi';
import { registerObjects } from '../core/private/children';
import type { MonitoredGroupArgs } from './monitored-group-args';
import { planAlerts, planRuleFile } from './private/mesh-vm-alerts-plan';

/** What alerts are about, and when they fire. */
export interface AlertRulesArgs {
  /** The groups. */
  readonly groups: MonitoredGroupArgs[];

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
  readonly alertLabels?: Record<string, pulumi.Input<string>>;

  /**
   * Page with the runbook; each alert links to its section, the alert's name in lower case.
   * @default - no link: the description of each alert says what to do first
   */
  readonly runbookUrl?: pulumi.Input<string>;
}

/** Arguments of MeshVmAlerts. */
export interface MeshVmAlertsArgs extends AlertRulesArgs {
  /**
   * Name of the PrometheusRule.
   * @default 'meshvm'
   */
  readonly name?: pulumi.Input<string>;

  /** Namespace of the PrometheusRule. */
  readonly namespace: pulumi.Input<string>;

  /**
   * Labels of the PrometheusRule, by which a Prometheus selects it: with the chart kube-prometheus-stack, `release`.
   * @default {}
   */
  readonly labels?: Record<string, pulumi.Input<string>>;
}

/**
 * Alerts about machines and the control plane that they join: a PrometheusRule of prometheus-operator, that of the cdk8s construct of the
 * same name. Without the operator, `MeshVmAlerts.ruleFile` is the same for Prometheus's `rule_files`.
 *
 * They need three sources: the machines (MachineScrapeConfig), istiod, and kube-state-metrics with WorkloadEntryMetrics. Istio itself has
 * no metric of which machines of which group are registered and healthy.
 */
export class MeshVmAlerts extends pulumi.ComponentResource {
  /**
   * A file of rules for Prometheus, as plain data: for the values of Prometheus's Helm chart.
   *
   * @throws InputPropertiesError with everything that is wrong with the arguments.
   */
  public static ruleFile(args: AlertRulesArgs): pulumi.Output<Record<string, unknown>> {
    return planRuleFile(args).result;
  }

  /** Name of the PrometheusRule. */
  public readonly ruleName!: pulumi.Output<string>;
  /** Namespace of the PrometheusRule. */
  public readonly namespace!: pulumi.Output<string>;

  /** @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered. */
  public constructor(name: string, args: MeshVmAlertsArgs, options?: pulumi.ComponentResourceOptions) {
    const { shape } = planAlerts(name, args);
    super('meshvm:index:MeshVmAlerts', name, {}, options);
    registerObjects(this, name, shape.objects, options);

    this.ruleName = pulumi.output(shape.name);
    this.namespace = pulumi.output(shape.namespace);
    this.registerOutputs({ ruleName: this.ruleName, namespace: this.namespace });
  }
}
