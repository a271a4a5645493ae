import type { WorkloadTarget } from '../access/workload-target';
import type { IControlPlane } from '../control-plane/reference';
import type { Mesh } from '../mesh/mesh';
import type { AccessLogFilter } from './access-log-filter';
import type { IstioMetric, WorkloadMode } from './istio-metric';
import type { TracingTag } from './tracing-tag';

/** An access log of workloads. */
export interface TelemetryAccessLog {
  /**
   * Name of the extension provider that takes the log.
   * @default 'envoy', the standard output of the proxy: on machines the journal
   * @argsPlain
   */
  readonly provider?: string;

  /**
   * Which calls are logged.
   * @default - all
   */
  readonly filter?: AccessLogFilter;

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

/** Traces of calls. */
export interface TelemetryTracing {
  /**
   * Name of the extension provider that takes the spans.
   * @default - the mesh's `proxy.tracingProvider`
   * @argsPlain
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
  readonly tags?: Readonly<Record<string, TracingTag>>;

  /**
   * Whether spans are not sent. Requests pass on the trace that they belong to all the same.
   * @default false
   */
  readonly disabled?: boolean;
}

/** A change of one of Istio's metrics, or all. */
export interface MetricOverride {
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
  readonly tags?: Readonly<Record<string, string>>;

  /**
   * Labels to leave out, such as `request_protocol`.
   * @default []
   * @argsPlain
   */
  readonly removedTags?: readonly string[];
}

/** Metrics of workloads. */
export interface TelemetryMetrics {
  /**
   * Name of the extension provider that takes the metrics.
   * @default 'prometheus'
   * @argsPlain
   */
  readonly provider?: string;

  /** What is different from Istio's own metrics. Later ones go before earlier ones. */
  readonly overrides: readonly MetricOverride[];
}

/** Properties of Telemetry. */
export interface TelemetryProps {
  /** The mesh whose proxies tell of calls. */
  readonly mesh: Mesh;

  /** The workloads that tell of their calls. */
  readonly target: WorkloadTarget;

  /**
   * The control plane, which knows its extension providers: a provider that it doesn't have is refused.
   * @default - names of providers are not checked, but for Istio's own
   */
  readonly controlPlane?: IControlPlane;

  /**
   * Name of the Telemetry.
   * @default - name of the group or machine; "default" for a namespace and the mesh, as is Istio's custom
   */
  readonly name?: string;

  /**
   * Access logs. Those of a group go before those of its namespace, which go before those of the mesh.
   * @default - as the namespace or the mesh says
   */
  readonly accessLogs?: readonly TelemetryAccessLog[];

  /**
   * Traces.
   * @default - as the namespace or the mesh says
   */
  readonly tracing?: TelemetryTracing;

  /**
   * Metrics.
   * @default - as the namespace or the mesh says
   */
  readonly metrics?: TelemetryMetrics;
}
