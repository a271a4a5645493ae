import { checkTarget, describeTarget, type PolicyScope, resolveTarget, targetName } from '../../access/policy-scope';
import { declaredProviders } from '../../control-plane/declared-providers';
import { claim, claimantOf } from '../../core/claims';
import type { Place } from '../../core/place';
import type { PlannedObjects } from '../../core/planned-objects';
import { isDeferred, type Problems, rule } from '../../core/problems';
import type { Registry } from '../../core/registry';
import { isWhole } from '../../core/values/counts';
import { checkDnsSubdomain } from '../../core/values/names';
import type { AccessLogFilter } from '../access-log-filter';
import { type AccessLogSettings, type TelemetrySettings, telemetry } from '../manifests/telemetry';
import type { TelemetryProps } from '../telemetry-props';
import { checkMetrics } from './telemetry-metrics';
import { checkTelemetryProviders } from './telemetry-providers';
import { EMPTY } from './telemetry-rules';

const TARGET_TWICE = rule({
  id: 'telemetry/target-twice',
  origin: 'ignored',
  allowed: 'one Telemetry for each group, machine, namespace, and the mesh',
  remedy: 'merge the two',
  source: 'istio pilot/pkg/model Telemetries.namespaceWideTelemetryConfig: of two the older one counts alone',
});
const ACCESS_LOG_TWICE = rule({
  id: 'telemetry/access-log-twice',
  origin: 'ignored',
  allowed: 'one access log of a provider for each side of a call',
  remedy: 'join the filters in one expression with ||',
  source: 'istio pilot/pkg/model mergeLogs: the last one of a provider counts alone',
});
const FILTER = rule({
  id: 'telemetry/filter',
  origin: 'istio',
  allowed: 'an expression in the Common Expression Language',
  remedy: 'write an expression, or leave the filter out for all calls',
  source: 'istio pkg/config/validation validateTelemetryFilter',
});
const FILTER_OF_DISABLED = rule({
  id: 'telemetry/filter-of-disabled',
  origin: 'ignored',
  allowed: 'a filter of a log that is written',
  remedy: 'remove filter, or disabled',
  source: 'istio pilot/pkg/model mergeLogs: a log that is switched off has no filter',
});
const STATUS = rule({
  id: 'telemetry/status',
  origin: 'ignored',
  allowed: 'an HTTP status: a whole number from 100 to 599',
  remedy: 'give the lowest status that is logged, such as 400',
  source: 'RFC 9110: no response has another status',
});
const SAMPLING = rule({
  id: 'telemetry/sampling',
  origin: 'kubernetes',
  allowed: 'a number from 0 to 100',
  remedy: 'give a percentage',
  source: 'CRD of Telemetry; istio pkg/config/validation validateTelemetryTracing',
});
const TAG_NAME = rule({
  id: 'telemetry/tag-name',
  origin: 'istio',
  allowed: 'a name that is not empty',
  remedy: 'name the tag',
  source: 'istio pkg/config/validation validateTelemetryTracing',
});
const TAG_VALUE = rule({
  id: 'telemetry/tag-value',
  origin: 'kubernetes',
  allowed: 'a value, or the name of a header or variable, that is not empty',
  remedy: 'say where the value of the tag comes from',
  source: 'CRD of Telemetry: minLength',
});

/** From the spec to the object. @throws ValidationError with everything that is wrong. */
export function planTelemetry(
  spec: TelemetryProps,
  { path, program, namespace, problems, whenComplete }: Place,
): PlannedObjects {
  const settings = resolveTelemetry(spec, namespace);
  checkTelemetry(problems, program, spec, settings);
  problems.throwIfAny(path);
  claim(program, path, telemetryClaim(settings));
  whenComplete((late) => {
    const extensionProviders = spec.controlPlane === undefined ? declaredProviders(program, spec.mesh) : undefined;
    if (extensionProviders === undefined) return;
    checkTelemetryProviders(late, { ...spec, controlPlane: { extensionProviders } }, settings);
  });
  return { name: settings.name, namespace: settings.namespace, objects: { Resource: telemetry(settings) } };
}

/** Fills in every default. Total: it makes something of any properties, so that a test can build around the checks. */
export function resolveTelemetry(props: TelemetryProps, chartNamespace: string): TelemetrySettings {
  const { mesh, target, accessLogs = [], tracing, metrics } = props;
  return {
    ...resolveTarget(target, mesh, chartNamespace),
    name: props.name ?? targetName(target) ?? 'default',
    accessLogs: accessLogs.map(({ provider, filter, mode, disabled }) => ({
      provider: provider ?? 'envoy',
      filter: filter && expressionOf(filter),
      mode: mode ?? 'CLIENT_AND_SERVER',
      disabled: disabled ?? false,
    })),
    tracing: tracing && {
      provider: tracing.provider,
      samplingPercent: tracing.samplingPercent,
      tags: tracing.tags ?? {},
      disabled: tracing.disabled ?? false,
    },
    metrics: metrics && {
      provider: metrics.provider ?? 'prometheus',
      overrides: metrics.overrides.map(({ metric, mode, disabled, tags, removedTags }) => ({
        metric: metric ?? 'ALL_METRICS',
        mode: mode ?? 'CLIENT_AND_SERVER',
        disabled,
        tags: tags ?? {},
        removedTags: removedTags ?? [],
      })),
    },
  };
}

/** A filter in the Common Expression Language. */
function expressionOf({ statusAtLeast, expression }: AccessLogFilter): string | undefined {
  return statusAtLeast === undefined ? expression : `response.code >= ${statusAtLeast}`;
}

/** What only one Telemetry of a program can have. */
function telemetryClaim({ namespace, matchLabels }: PolicyScope): string {
  return `Telemetry ${namespace} ${matchLabels?.app ?? ''} ${matchLabels?.version ?? ''}`;
}

/** Everything about a Telemetry that Kubernetes or Istio would refuse, or take and then ignore. */
function checkTelemetry(
  problems: Problems,
  program: Registry,
  props: TelemetryProps,
  settings: TelemetrySettings,
): void {
  checkDnsSubdomain(problems, 'name', settings.name);
  checkTarget(problems, program, props.mesh, props.target, settings);
  const deferred = Object.values(settings.matchLabels ?? {}).some(isDeferred);
  const owner = deferred ? undefined : claimantOf(program, telemetryClaim(settings));
  if (owner !== undefined) {
    problems.add(TARGET_TWICE, 'target', describeTarget(settings), { allowed: `targets other than that of ${owner}` });
  }
  const { accessLogs, tracing, metrics } = settings;
  if (tracing === undefined && metrics === undefined && accessLogs.length === 0) problems.add(EMPTY, '', {});
  checkTelemetryProviders(problems, props, settings);
  for (const index of accessLogs.keys()) checkAccessLog(problems, props.accessLogs?.[index].filter, index, accessLogs);
  checkTracing(problems, settings);
  if (metrics !== undefined) checkMetrics(problems, metrics);
}

function checkAccessLog(
  problems: Problems,
  filter: AccessLogFilter | undefined,
  index: number,
  all: readonly AccessLogSettings[],
): void {
  const { provider, mode, disabled } = all[index];
  const at = problems.at(`accessLogs[${index}]`);
  const earlier = all.slice(0, index).filter((other) => other.provider.toLowerCase() === provider.toLowerCase());
  const both = 'CLIENT_AND_SERVER';
  if (earlier.some((other) => other.mode === mode || other.mode === both || mode === both)) {
    at.add(ACCESS_LOG_TWICE, 'provider', provider);
  }
  if (filter === undefined) return;
  at.check(FILTER, 'filter.expression', filter.expression, (cel) => cel.trim() !== '');
  at.check(STATUS, 'filter.statusAtLeast', filter.statusAtLeast, (code) => isWhole(code, 100, 599));
  if (disabled) at.add(FILTER_OF_DISABLED, 'filter', filter);
}

function checkTracing(problems: Problems, { tracing }: TelemetrySettings): void {
  if (tracing === undefined) return;
  const at = problems.at('tracing');
  const { provider, samplingPercent: percent, tags, disabled } = tracing;
  const names = Object.keys(tags);
  if (provider === undefined && percent === undefined && names.length === 0 && !disabled) at.add(EMPTY, '', {});
  at.check(SAMPLING, 'samplingPercent', percent, (share) => share >= 0 && share <= 100);
  for (const [name, { literal, header, environment }] of Object.entries(tags)) {
    if (name === '') at.add(TAG_NAME, 'tags', name);
    const texts = { literal, 'header.name': header?.name, 'environment.name': environment?.name };
    for (const [key, text] of Object.entries(texts)) if (text === '') at.add(TAG_VALUE, `tags["${name}"].${key}`, text);
  }
}
