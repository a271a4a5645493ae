import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { providersIn } from '../control-plane/provider-kinds';
import { claim } from '../core/claims';
import { emit } from '../core/emit';
import { Problems } from '../core/problems';
import { Registry } from '../core/registry';
import { telemetry } from './manifests/telemetry';
import { checkTelemetry, resolveTelemetry, telemetryClaim } from './private/telemetry';
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
    const resolved = resolveTelemetry(props, Chart.of(this).namespace ?? '');
    const program = Registry.ofProgram(this);
    const problems = new Problems();
    const { controlPlane } = props;
    const providers = controlPlane && providersIn(controlPlane.helmValues.istiod);
    checkTelemetry(problems, program, props, providers, resolved);
    problems.throwIfAny(this.node.path);
    claim(program, this.node.path, telemetryClaim(resolved));

    this.telemetryName = resolved.name;
    this.namespace = resolved.namespace;

    emit(this, 'Resource', telemetry(resolved));
  }
}
