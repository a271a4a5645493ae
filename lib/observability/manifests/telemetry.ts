import type { TelemetrySpec } from '../../../imports/telemetry.istio.io';
import type { KubernetesObject, Plain } from '../../core/kubernetes-object';
import { compact, nonEmpty } from '../../core/kubernetes-object';
import type { TracingTag } from '../tracing-tag';

/** A Telemetry as the builder sees it, every default filled in. Lists and keys are plain. */
export interface TelemetrySettings {
  readonly name: string;
  readonly namespace: string;
  /** Labels of the workloads, or undefined for the whole namespace; for the mesh, in its root namespace. */
  readonly matchLabels: Readonly<Record<string, string>> | undefined;
  readonly accessLogs: readonly AccessLogSettings[];
  readonly tracing: TracingSettings | undefined;
  readonly metrics: MetricsSettings | undefined;
}

/** An access log. */
export interface AccessLogSettings {
  readonly provider: string;
  readonly filter: string | undefined;
  readonly mode: string;
  readonly disabled: boolean;
}

/** Traces. */
export interface TracingSettings {
  readonly provider: string | undefined;
  readonly samplingPercent: number | undefined;
  readonly tags: Readonly<Record<string, TracingTag>>;
  readonly disabled: boolean;
}

/** Metrics. */
export interface MetricsSettings {
  readonly provider: string;
  readonly overrides: readonly MetricOverrideSettings[];
}

/** A change of a metric. */
export interface MetricOverrideSettings {
  readonly metric: string;
  readonly mode: string;
  readonly disabled: boolean | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly removedTags: readonly string[];
}

type Spec = Plain<TelemetrySpec>;
type AccessLogging = NonNullable<Spec['accessLogging']>[number];
type Tracing = NonNullable<Spec['tracing']>[number];
type Metrics = NonNullable<Spec['metrics']>[number];
type Override = NonNullable<Metrics['overrides']>[number];

/** Builds the Telemetry that says what proxies tell of calls. */
export function telemetry(settings: TelemetrySettings): KubernetesObject<Spec> {
  const { name, namespace, matchLabels, accessLogs, tracing, metrics } = settings;
  return {
    apiVersion: 'telemetry.istio.io/v1',
    kind: 'Telemetry',
    metadata: { name, namespace },
    spec: compact({
      selector: matchLabels && { matchLabels },
      accessLogging: accessLogs.length > 0 ? accessLogs.map(accessLogOf) : undefined,
      tracing: tracing && [tracingOf(tracing)],
      metrics: metrics && [{ providers: [{ name: metrics.provider }], overrides: metrics.overrides.map(overrideOf) }],
    }),
  };
}

function accessLogOf({ provider, filter, mode, disabled }: AccessLogSettings): AccessLogging {
  return compact({
    providers: [{ name: provider }],
    match: mode === 'CLIENT_AND_SERVER' ? undefined : ({ mode } as AccessLogging['match']),
    filter: filter === undefined ? undefined : { expression: filter },
    disabled: disabled || undefined,
  });
}

function tracingOf({ provider, samplingPercent, tags, disabled }: TracingSettings): Tracing {
  return compact({
    providers: provider === undefined ? undefined : [{ name: provider }],
    randomSamplingPercentage: samplingPercent,
    customTags: nonEmpty(Object.fromEntries(Object.entries(tags).map(([name, tag]) => [name, tagOf(tag)]))),
    disableSpanReporting: disabled || undefined,
  });
}

function tagOf({ literal, header, environment }: TracingTag): NonNullable<Tracing['customTags']>[string] {
  return compact({
    literal: literal === undefined ? undefined : { value: literal },
    header: header && compact(header),
    environment: environment && compact(environment),
  });
}

function overrideOf({ metric, mode, disabled, tags, removedTags }: MetricOverrideSettings): Override {
  const changes = [
    ...Object.entries(tags).map(([tag, value]) => [tag, { operation: 'UPSERT', value }] as const),
    ...removedTags.map((tag) => [tag, { operation: 'REMOVE' }] as const),
  ];
  return compact({
    match: { metric, mode } as Override['match'],
    disabled,
    tagOverrides: nonEmpty<NonNullable<Override['tagOverrides']>[string]>(Object.fromEntries(changes)),
  });
}
