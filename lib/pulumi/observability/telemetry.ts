import * as pulumi from '@pulumi/pulumi';
import type { WorkloadTargetArgs } from '../access/workload-target-args';
import { registerObjects } from '../core/private/children';
import type { ControlPlaneReferenceArgs } from '../machines/reference-args';
import type { MeshArgs } from '../mesh/mesh-args';
import { planTelemetry } from './private/telemetry-plan';
import type { TelemetryAccessLogArgs, TelemetryMetricsArgs, TelemetryTracingArgs } from './telemetry-args';

/** Arguments of Telemetry. */
export interface TelemetryArgs {
  /** The mesh whose proxies tell of calls. */
  readonly mesh: MeshArgs;

  /** The workloads that tell of their calls. */
  readonly target: WorkloadTargetArgs;

  /**
   * The control plane, which knows its extension providers: a provider that it doesn't have is refused.
   * @default - names of providers are not checked, but for Istio's own
   */
  readonly controlPlane?: ControlPlaneReferenceArgs;

  /**
   * Name of the Telemetry.
   * @default - name of the group or machine; "default" for a namespace and the mesh, as is Istio's custom
   */
  readonly name?: pulumi.Input<string>;

  /**
   * Access logs. Those of a group go before those of its namespace, which go before those of the mesh.
   * @default - as the namespace or the mesh says
   */
  readonly accessLogs?: TelemetryAccessLogArgs[];

  /**
   * Traces.
   * @default - as the namespace or the mesh says
   */
  readonly tracing?: TelemetryTracingArgs;

  /**
   * Metrics.
   * @default - as the namespace or the mesh says
   */
  readonly metrics?: TelemetryMetricsArgs;
}

/**
 * What proxies tell of the calls of workloads: a Telemetry, that of the cdk8s construct of the same name. A group, machine, namespace
 * and the mesh has one at most.
 */
export class Telemetry extends pulumi.ComponentResource {
  /** Name of the Telemetry. */
  public readonly telemetryName!: pulumi.Output<string>;
  /** Namespace of the Telemetry: for the whole mesh that of the control plane. */
  public readonly namespace!: pulumi.Output<string>;

  /** @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered. */
  public constructor(name: string, args: TelemetryArgs, options?: pulumi.ComponentResourceOptions) {
    const { shape } = planTelemetry(name, args);
    super('meshvm:index:Telemetry', name, {}, options);
    registerObjects(this, name, shape.objects, options);

    this.telemetryName = pulumi.output(shape.name);
    this.namespace = pulumi.output(shape.namespace);
    this.registerOutputs({ telemetryName: this.telemetryName, namespace: this.namespace });
  }
}
