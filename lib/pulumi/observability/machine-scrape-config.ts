import * as pulumi from '@pulumi/pulumi';
import type { MachineMetrics } from '../../machine-metrics';
import { registerObjects } from '../core/private/children';
import type { GroupReferenceArgs } from '../machines/reference-args';
import type { MachineDiscoveryArgs } from './machine-discovery-args';
import { planPrometheusJob, planScrapeConfig } from './private/machine-scrape-config-plan';

export { MachineMetrics } from '../../machine-metrics';

/** How Prometheus scrapes the machines of a group. */
export interface MachineScrapeArgs {
  /** The group. */
  readonly group: GroupReferenceArgs;

  /** How Prometheus finds the group's machines, and no others: all that it finds gets the labels of the group. */
  readonly discovery: MachineDiscoveryArgs;

  /**
   * Which metrics to take.
   * @default MachineMetrics.MERGED
   */
  readonly metrics?: MachineMetrics;

  /**
   * Name of the job: the label `job`.
   * @default - "meshvm/", the namespace, "/", and the name of the group
   */
  readonly jobName?: pulumi.Input<string>;

  /**
   * Time between two scrapes. The alerts expect at most 120.
   * @default - Prometheus's own
   */
  readonly intervalSeconds?: number;

  /**
   * How long an answer may take, at most as long as the interval.
   * @default - Prometheus's own
   */
  readonly timeoutSeconds?: number;
}

/** Arguments of MachineScrapeConfig. */
export interface MachineScrapeConfigArgs extends MachineScrapeArgs {
  /**
   * Name of the ScrapeConfig.
   * @default - name of the group and "-machines"
   */
  readonly name?: pulumi.Input<string>;

  /**
   * Namespace of the ScrapeConfig.
   * @default - the group's
   */
  readonly namespace?: pulumi.Input<string>;

  /**
   * Labels of the ScrapeConfig, by which a Prometheus selects it: with the chart kube-prometheus-stack, `release`.
   * @default {}
   */
  readonly labels?: Record<string, pulumi.Input<string>>;
}

/**
 * Has Prometheus scrape the machines of a group: a ScrapeConfig of prometheus-operator 0.75 or later, that of the cdk8s construct of the
 * same name. Without the operator, `MachineScrapeConfig.prometheusJob` is the same for a `prometheus.yml`.
 *
 * Prometheus reaches the ports past the capture, in plain text, whatever the mutual TLS of the group: firewalls must let it.
 */
export class MachineScrapeConfig extends pulumi.ComponentResource {
  /**
   * An element of `scrape_configs` of a `prometheus.yml`, as plain data: for the values of Prometheus's Helm chart.
   *
   * @throws InputPropertiesError with everything that is wrong with the arguments.
   */
  public static prometheusJob(args: MachineScrapeArgs): pulumi.Output<Record<string, unknown>> {
    return planPrometheusJob(args).result;
  }

  /** Name of the ScrapeConfig. */
  public readonly scrapeConfigName!: pulumi.Output<string>;
  /** Namespace of the ScrapeConfig. */
  public readonly namespace!: pulumi.Output<string>;

  /** @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered. */
  public constructor(name: string, args: MachineScrapeConfigArgs, options?: pulumi.ComponentResourceOptions) {
    const { shape } = planScrapeConfig(name, args);
    super('meshvm:index:MachineScrapeConfig', name, {}, options);
    registerObjects(this, name, shape.objects, options);

    this.scrapeConfigName = pulumi.output(shape.name);
    this.namespace = pulumi.output(shape.namespace);
    this.registerOutputs({ scrapeConfigName: this.scrapeConfigName, namespace: this.namespace });
  }
}
