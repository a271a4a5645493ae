import fc from 'fast-check';
import {
  AccessLogFilter,
  IstioMetric,
  Mesh,
  Telemetry,
  type TelemetryProps,
  TracingTag,
  WorkloadMode,
  WorkloadTarget,
} from 'meshvm';
import { telemetry as manifest } from '../../../lib/observability/manifests/telemetry';
import { resolveTelemetry } from '../../../lib/observability/private/telemetry';
import { type Subject, TRIAL_NAMESPACE } from './differential';
import * as value from './values';

const mesh = new Mesh({
  meshId: 'acme',
  clusterName: 'prod-eu',
  network: 'vpc-prod',
  istioVersion: '1.31.1',
  proxy: { tracingProvider: 'otel' },
});

const provider = value.mostly(fc.constantFrom('envoy', 'otel', 'Loki'), fc.constantFrom('', 'prometheus'));
const mode = fc.constantFrom(...Object.values(WorkloadMode));
const filter = fc.oneof(
  value.mostly(fc.constantFrom(400, 500), fc.constantFrom(0, 600)).map((code) => AccessLogFilter.statusAtLeast(code)),
  value
    .mostly(
      fc.constantFrom("request.method == 'GET'", 'connection.mtls && response.code > 0', 'nobody_knows'),
      fc.constantFrom('', ' '),
      6,
    )
    .map((cel) => AccessLogFilter.expression(cel)),
);
const accessLog = fc.record({
  provider: value.maybe(provider),
  filter: value.maybe(filter),
  mode: value.maybe(mode),
  disabled: value.maybe(fc.boolean()),
});
const text = value.mostly(fc.constantFrom('a', 'x-b', 'ü'), fc.constant(''), 16);
const tag = fc.oneof(
  text.map((literal) => TracingTag.literal(literal)),
  fc.tuple(text, value.maybe(text)).map(([name, other]) => TracingTag.header(name, other)),
  fc.tuple(text, value.maybe(text)).map(([name, other]) => TracingTag.environment(name, other)),
);
const tracing = fc.record({
  provider: value.maybe(provider),
  samplingPercent: value.maybe(value.mostly(fc.constantFrom(0, 0.01, 50, 100), fc.constantFrom(-1, 100.1, 101), 8)),
  tags: value.maybe(fc.dictionary(text, tag, { maxKeys: 2 })),
  disabled: value.maybe(fc.boolean()),
});
const override = fc.record({
  metric: value.maybe(fc.constantFrom(...Object.values(IstioMetric))),
  mode: value.maybe(mode),
  disabled: value.maybe(fc.boolean()),
  tags: value.maybe(fc.dictionary(text, text, { maxKeys: 2 })),
  // Of a tag that is both changed and removed the cluster sees only the second: nothing to compare.
  removedTags: value.maybe(fc.uniqueArray(fc.constantFrom('request_protocol', 'old'), { maxLength: 2 })),
});
const telemetryProps = fc.record({
  mesh: fc.constant(mesh),
  target: fc.constantFrom(WorkloadTarget.namespace(), WorkloadTarget.mesh()),
  name: value.maybe(value.name),
  accessLogs: value.maybe(fc.array(accessLog, { maxLength: 2 })),
  tracing: value.maybe(tracing),
  metrics: value.maybe(fc.record({ overrides: fc.array(override, { maxLength: 2 }) })),
});

/** Telemetry. */
export const telemetry: Subject<TelemetryProps> = {
  name: 'Telemetry',
  props: telemetryProps,
  confirms: [
    'name/dns-subdomain',
    'telemetry/filter',
    'telemetry/metric-tag-expression',
    'telemetry/sampling',
    'telemetry/tag-name',
    'telemetry/tag-value',
  ],
  construct(chart, props) {
    new Telemetry(chart, 'telemetry', props);
  },
  build(props) {
    return [manifest(resolveTelemetry(props, TRIAL_NAMESPACE))];
  },
};
