import { Construct } from 'constructs';
import { emitAll } from '../core/emit';
import { placeOf } from '../core/place';
import { readSpec } from '../core/spec/spec';
import { planTelemetry } from './private/telemetry';
import shapes from './shapes.json';
import type { TelemetryProps } from './telemetry-props';

/**
 * What proxies tell of the calls of workloads: a Telemetry. A group, machine, namespace and the mesh has one at most.
 *
 * @example
 * new Telemetry(chart, 'telemetry', {
 *   mesh,
 *   target: WorkloadTarget.group(group),
 *   accessLogs: [{ filter: AccessLogFilter.statusAtLeast(500) }],
 *   tracing: { provider: 'otel', samplingPercent: 5 },
 * });
 * @throws ValidationError with every problem of the properties.
 */
export class Telemetry extends Construct {
  /** Name of the Telemetry. */
  public readonly telemetryName: string;
  /** Namespace of the Telemetry: for the whole mesh that of the control plane. */
  public readonly namespace: string;

  public constructor(scope: Construct, id: string, props: TelemetryProps) {
    super(scope, id);
    const spec = readSpec(this.node.path, props, shapes, 'TelemetryProps');
    const planned = planTelemetry(spec, placeOf(this));

    this.telemetryName = planned.name;
    this.namespace = planned.namespace;

    emitAll(this, planned.objects);
  }
}
