import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { emit } from '../core/emit';
import { Problems } from '../core/problems';
import type { MachineScrapeConfigProps, MachineScrapeProps } from './machine-scrape-config-props';
import { prometheusJob, scrapeConfig } from './manifests/machine-scrape';
import { checkScrape, resolveScrape } from './private/machine-scrape-config';
import { checkMonitoringObject } from './private/monitoring-object';

/**
 * Has Prometheus scrape the machines of a group: a ScrapeConfig of prometheus-operator 0.75 or later. Without the operator,
 * `MachineScrapeConfig.prometheusJob` is the same for a `prometheus.yml`.
 *
 * Targets get the labels that pods have where Prometheus is set up as Istio's own (`namespace`, `app`, `version`,
 * `service_istio_io_canonical_name`, `service_istio_io_canonical_revision`), and `workload`. Kiali's graph reads labels that
 * sidecars set by themselves.
 *
 * Prometheus reaches the ports past the capture, in plain text, whatever the mutual TLS of the group: firewalls must let it.
 *
 * @example
 * new MachineScrapeConfig(chart, 'machines', {
 *   group,
 *   discovery: MachineDiscovery.ec2({ region: 'eu-west-1', tags: { Name: 'payment-service' } }),
 *   labels: { release: 'prometheus' },
 * });
 * @throws ValidationError with every problem of the properties.
 */
export class MachineScrapeConfig extends Construct {
  /**
   * An element of `scrape_configs` of a `prometheus.yml`, as plain data.
   *
   * @throws ValidationError with every problem of the properties.
   */
  public static prometheusJob(props: MachineScrapeProps): Readonly<Record<string, unknown>> {
    const problems = new Problems();
    checkScrape(problems, props);
    problems.throwIfAny('MachineScrapeConfig.prometheusJob');
    return prometheusJob(resolveScrape(props));
  }

  /** Name of the ScrapeConfig. */
  public readonly scrapeConfigName: string;
  /** Namespace of the ScrapeConfig. */
  public readonly namespace: string;

  public constructor(scope: Construct, id: string, props: MachineScrapeConfigProps) {
    super(scope, id);
    const object = {
      name: props.name ?? `${props.group.groupName}-machines`,
      namespace: props.namespace ?? Chart.of(this).namespace ?? '',
      labels: { ...props.labels },
    };
    const problems = new Problems();
    checkScrape(problems, props);
    checkMonitoringObject(problems, object);
    problems.throwIfAny(this.node.path);

    this.scrapeConfigName = object.name;
    this.namespace = object.namespace;

    emit(this, 'Resource', scrapeConfig({ ...resolveScrape(props), ...object }));
  }
}
