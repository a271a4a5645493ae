import type { DataPlace, Place } from '../../core/place';
import type { PlannedObjects } from '../../core/planned-objects';
import { type Problems, rule } from '../../core/problems';
import { checkRequired } from '../../core/values/names';
import type { MachineScrapeConfigProps, MachineScrapeProps } from '../machine-scrape-config-props';
import { prometheusJob, type ScrapeSettings, scrapeConfig } from '../manifests/machine-scrape';
import { checkDiscovery } from './machine-discovery';
import { checkMonitoringObject } from './monitoring-object';
import { checkWhole } from './whole-numbers';

const SECONDS = rule({
  id: 'monitoring/seconds',
  origin: 'meshvm',
  allowed: 'a whole number of seconds from 1',
  remedy: 'give seconds, such as 30',
  source: 'Prometheus: 0 means its own default, which is what leaving the property out says',
});
const TIMEOUT = rule({
  id: 'monitoring/timeout-above-interval',
  origin: 'kubernetes',
  allowed: 'at most intervalSeconds',
  remedy: 'shorten timeoutSeconds, or lengthen intervalSeconds',
  source: 'Prometheus config ScrapeConfig.Validate; prometheus-operator validateScrapeIntervalAndTimeout',
});

/** From the spec to the object. @throws ValidationError with everything that is wrong. */
export function planMachineScrapeConfig(
  spec: MachineScrapeConfigProps,
  { path, namespace, problems }: Place,
): PlannedObjects {
  const object = {
    name: spec.name ?? `${spec.group.groupName}-machines`,
    namespace: spec.namespace ?? (namespace || spec.group.namespace),
    labels: spec.labels ?? {},
  };
  checkScrape(problems, spec);
  checkMonitoringObject(problems, object);
  problems.throwIfAny(path);
  const { name } = object;
  return {
    name,
    namespace: object.namespace,
    objects: { Resource: scrapeConfig({ ...resolveScrape(spec), ...object }) },
  };
}

/** From the spec to an element of `scrape_configs`. @throws ValidationError with everything that is wrong. */
export function planPrometheusJob(spec: MachineScrapeProps, { path, problems }: DataPlace): Record<string, unknown> {
  checkScrape(problems, spec);
  problems.throwIfAny(path);
  return prometheusJob(resolveScrape(spec));
}

/** Fills in every default. */
export function resolveScrape(props: MachineScrapeProps): ScrapeSettings {
  const { group, discovery, metrics, jobName, intervalSeconds, timeoutSeconds } = props;
  const { labels } = group;
  return {
    jobName: jobName ?? `meshvm/${group.namespace}/${group.groupName}`,
    port: metrics === 'ENVOY' ? 15090 : 15020,
    intervalSeconds,
    timeoutSeconds,
    targetLabels: {
      namespace: group.namespace,
      workload: group.groupName,
      app: labels.app,
      version: labels.version,
      // A group's machines have these for their canonical labels too; of a group that is known by its labels alone, these are needed.
      service_istio_io_canonical_name: labels.app,
      service_istio_io_canonical_revision: labels.version,
    },
    discovery,
  };
}

/** Everything about scraping that Prometheus would refuse. */
function checkScrape(problems: Problems, props: MachineScrapeProps): void {
  const { discovery, jobName, intervalSeconds, timeoutSeconds } = props;
  checkDiscovery(problems.at('discovery'), discovery);
  if (jobName !== undefined) checkRequired(problems, 'jobName', jobName);
  checkWhole(problems, SECONDS, 'intervalSeconds', intervalSeconds);
  checkWhole(problems, SECONDS, 'timeoutSeconds', timeoutSeconds);
  problems.check(
    TIMEOUT,
    'timeoutSeconds',
    timeoutSeconds,
    (seconds) => !(seconds > Number(intervalSeconds ?? seconds)),
  );
}
