import { Construct } from 'constructs';
import { emitAll } from '../core/emit';
import { placeOf } from '../core/place';
import { Problems } from '../core/problems';
import { readSpec } from '../core/spec/spec';
import type { MachineScrapeConfigProps, MachineScrapeProps } from './machine-scrape-config-props';
import { planMachineScrapeConfig, planPrometheusJob } from './private/machine-scrape-config';
import shapes from './shapes.json';

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
    const path = 'MachineScrapeConfig.prometheusJob';
    // Properties of the construct do as well: one set may serve the object and the file.
    const spec = readSpec(path, props, shapes, 'MachineScrapeConfigProps');
    return planPrometheusJob(spec, { path, problems: new Problems() });
  }

  /** Name of the ScrapeConfig. */
  public readonly scrapeConfigName: string;
  /** Namespace of the ScrapeConfig. */
  public readonly namespace: string;

  public constructor(scope: Construct, id: string, props: MachineScrapeConfigProps) {
    super(scope, id);
    const spec = readSpec(this.node.path, props, shapes, 'MachineScrapeConfigProps');
    const planned = planMachineScrapeConfig(spec, placeOf(this));

    this.scrapeConfigName = planned.name;
    this.namespace = planned.namespace;

    emitAll(this, planned.objects);
  }
}
