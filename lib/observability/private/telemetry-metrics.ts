import { type Problems, rule } from '../../core/problems';
import type { MetricsSettings } from '../manifests/telemetry';
import { EMPTY } from './telemetry-rules';

const TAG_EXPRESSION = rule({
  id: 'telemetry/metric-tag-expression',
  origin: 'istio',
  allowed: 'an expression that is not empty',
  remedy: 'give an expression, or name the tag in removedTags',
  source: 'istio pkg/config/validation validateTelemetryMetrics; CRD of Telemetry',
});
const TAG_NAME = rule({
  id: 'telemetry/metric-tag-name',
  origin: 'ignored',
  allowed: 'a name that is not empty',
  remedy: 'name the label of the metric',
  source: 'istio pkg/config/validation validateTelemetryMetrics warns',
});
const TAG_TWICE = rule({
  id: 'telemetry/metric-tag-twice',
  origin: 'meshvm',
  allowed: 'a label either changed or removed',
  remedy: 'remove it from one of the two',
  source: 'meshvm: tagOverrides is a map, the second would replace the first',
});
const TAGS_OF_DISABLED = rule({
  id: 'telemetry/tags-of-disabled-metric',
  origin: 'ignored',
  allowed: 'tags of a metric that is kept',
  remedy: 'remove the tags, or disabled',
  source: 'istio pilot/pkg/model mergeMetrics: a metric that is left out has no labels',
});

/** What Kubernetes or Istio would hold against the metrics of a Telemetry. */
export function checkMetrics(problems: Problems, { overrides }: MetricsSettings): void {
  if (overrides.length === 0) problems.add(EMPTY, 'metrics.overrides', []);
  overrides.forEach(({ disabled, tags, removedTags }, index) => {
    const at = problems.at(`metrics.overrides[${index}]`);
    const names = [...Object.keys(tags), ...removedTags];
    if (disabled === undefined && names.length === 0) at.add(EMPTY, '', {});
    if (disabled && names.length > 0) at.add(TAGS_OF_DISABLED, 'disabled', disabled);
    for (const [name, value] of Object.entries(tags)) {
      if (value === '') at.add(TAG_EXPRESSION, `tags["${name}"]`, value);
      if (removedTags.includes(name)) at.add(TAG_TWICE, 'removedTags', name);
    }
    if (names.includes('')) at.add(TAG_NAME, 'tags', '');
  });
}
