import type * as pulumi from '@pulumi/pulumi';
import type { IstioMetric, WorkloadMode } from '../../observability/istio-metric';

import type { WorkloadTargetArgs } from '../access/workload-target-args';
import type { ControlPlaneReferenceArgs } from '../control-plane/reference-args';
import type { MeshArgs } from '../mesh/mesh-args';

export { IstioMetric, WorkloadMode } from '../../observability/istio-metric';

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

/** An access log of workloads. */
export interface TelemetryAccessLogArgs {
  /**
   * Name of the extension provider that takes the log.
   * @default 'envoy', the standard output of the proxy: on machines the journal
   */
  readonly provider?: string;

  /**
   * Which calls are logged.
   * @default - all
   */
  readonly filter?: AccessLogFilterArgs;

  /**
   * On which side of a call it is logged.
   * @default WorkloadMode.CLIENT_AND_SERVER
   */
  readonly mode?: WorkloadMode;

  /**
   * Whether the log is switched off, where the namespace or the mesh has switched it on.
   * @default false
   */
  readonly disabled?: boolean;
}

/** Which calls an access log is written of. Exactly one property must be set. */
export interface AccessLogFilterArgs {
  /**
   * Calls that were answered with an HTTP status from this one on, 100 to 599: 400 for everything that failed.
   * @default - the other property is set
   */
  readonly statusAtLeast?: number;

  /**
   * Calls for which an expression in the Common Expression Language is true, over Envoy's attributes, such as
   * `request.url_path != '/healthz'`. Its syntax is checked by Istio when the object is applied, its attributes by nobody.
   * @default - the other property is set
   */
  readonly expression?: pulumi.Input<string>;
}

/** Traces of calls. */
export interface TelemetryTracingArgs {
  /**
   * Name of the extension provider that takes the spans.
   * @default - the mesh's `proxy.tracingProvider`
   */
  readonly provider?: string;

  /**
   * Percentage of requests to trace, 0 to 100, of those that carry no decision of their caller.
   * @default - that of the namespace, or the mesh
   */
  readonly samplingPercent?: number;

  /**
   * Tags of the spans, besides Istio's own.
   * @default {}
   */
  readonly tags?: Record<string, TracingTagArgs>;

  /**
   * Whether spans are not sent. Requests pass on the trace that they belong to all the same.
   * @default false
   */
  readonly disabled?: boolean;
}

/** Where the value of a tag of spans comes from. Exactly one property must be set. */
export interface TracingTagArgs {
  /**
   * This value.
   * @default - another property is set
   */
  readonly literal?: pulumi.Input<string>;

  /**
   * A header of the request.
   * @default - another property is set
   */
  readonly header?: TracingTagSourceArgs;

  /**
   * A variable in the environment of the proxy, such as one of `proxyMetadata`.
   * @default - another property is set
   */
  readonly environment?: TracingTagSourceArgs;
}

/** What holds the value of a tag. */
export interface TracingTagSourceArgs {
  /** Name of the header or variable. */
  readonly name: pulumi.Input<string>;

  /**
   * Value of the tag where there is no such header or variable.
   * @default - no such tag then
   */
  readonly defaultValue?: pulumi.Input<string>;
}

/** Metrics of workloads. */
export interface TelemetryMetricsArgs {
  /**
   * Name of the extension provider that takes the metrics.
   * @default 'prometheus'
   */
  readonly provider?: string;

  /** What is different from Istio's own metrics. Later ones go before earlier ones. */
  readonly overrides: MetricOverrideArgs[];
}

/** A change of one of Istio's metrics, or all. */
export interface MetricOverrideArgs {
  /**
   * Which metric.
   * @default IstioMetric.ALL_METRICS
   */
  readonly metric?: IstioMetric;

  /**
   * On which side of a call.
   * @default WorkloadMode.CLIENT_AND_SERVER
   */
  readonly mode?: WorkloadMode;

  /**
   * Whether the metric is left out.
   * @default - as the namespace or the mesh says
   */
  readonly disabled?: boolean;

  /**
   * Labels to add or change: for each an expression of attributes in the Common Expression Language, such as `request.method`; a fixed
   * text stands in quotation marks in it.
   * @default {}
   */
  readonly tags?: Record<string, pulumi.Input<string>>;

  /**
   * Labels to leave out, such as `request_protocol`.
   * @default []
   */
  readonly removedTags?: string[];
}
