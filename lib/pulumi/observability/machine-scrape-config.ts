import * as pulumi from '@pulumi/pulumi';
import { planMachineScrapeConfig, planPrometheusJob } from '../../observability/private/machine-scrape-config';
import shapes from '../../observability/shapes.json';
import { registerObjects } from '../core/register-objects';
import { planComponent, planData } from '../machines/component-plan';
import type { MachineScrapeArgs, MachineScrapeConfigArgs } from './machine-scrape-config-args';

/**
 * Has Prometheus scrape the machines of a group: a ScrapeConfig of prometheus-operator 0.75 or later, that of the cdk8s construct of the
 * same name. Without the operator, `MachineScrapeConfig.prometheusJob` is the same for a `prometheus.yml`.
 *
 * Prometheus reaches the ports past the capture, in plain text, whatever the mutual TLS of the group: firewalls must let it.
 *
 * @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered.
 */
export class MachineScrapeConfig extends pulumi.ComponentResource {
  /**
   * An element of `scrape_configs` of a `prometheus.yml`, as plain data: for the values of Prometheus's Helm chart.
   *
   * @throws InputPropertiesError with everything that is wrong with the arguments.
   */
  public static prometheusJob(args: MachineScrapeArgs): pulumi.Output<Record<string, unknown>> {
    const how = { shapes, plan: planPrometheusJob };
    return planData('MachineScrapeConfig.prometheusJob', 'MachineScrapeConfigProps', args, how);
  }

  /** Name of the ScrapeConfig. */
  public readonly scrapeConfigName!: pulumi.Output<string>;
  /** Namespace of the ScrapeConfig. */
  public readonly namespace!: pulumi.Output<string>;

  public constructor(name: string, args: MachineScrapeConfigArgs, options?: pulumi.ComponentResourceOptions) {
    const planned = planComponent(name, args, {
      component: 'MachineScrapeConfig',
      shapes,
      plan: planMachineScrapeConfig,
    });
    const { shape } = planned;
    super('meshvm:index:MachineScrapeConfig', name, {}, options);
    registerObjects(this, name, planned, options);

    this.scrapeConfigName = pulumi.output(shape.name);
    this.namespace = pulumi.output(shape.namespace);
    this.registerOutputs({ scrapeConfigName: this.scrapeConfigName, namespace: this.namespace });
  }
}
