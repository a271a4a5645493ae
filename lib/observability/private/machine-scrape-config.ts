import { type Problems, rule } from '../../core/problems';
import { checkRequired } from '../../core/values/names';
import type { MachineScrapeProps } from '../machine-scrape-config-props';
import type { ScrapeSettings } from '../manifests/machine-scrape';
import { checkWhole } from './whole-numbers';

const SECONDS = rule({
  id: 'monitoring/seconds',
  origin: 'meshvm',
  allowed: 'a whole number of seconds from 1',
  remedy: 'give seconds, such as 30',
  source: 'Prometheus: 0 means its own default, which is what leaving the property out says',
});
const METRICS = rule({
  id: 'monitoring/metrics',
  origin: 'meshvm',
  allowed: 'MERGED or ENVOY',
  remedy: 'use MachineMetrics',
  source: 'meshvm: an unknown one would be taken for the default',
});
const TIMEOUT = rule({
  id: 'monitoring/timeout-above-interval',
  origin: 'kubernetes',
  allowed: 'at most intervalSeconds',
  remedy: 'shorten timeoutSeconds, or lengthen intervalSeconds',
  source: 'Prometheus config ScrapeConfig.Validate; prometheus-operator validateScrapeIntervalAndTimeout',
});

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
    section: discovery.section,
    discovery: discovery.settings,
    relabelings: discovery.relabelings,
  };
}

/** Everything about scraping that Prometheus would refuse. */
export function checkScrape(problems: Problems, props: MachineScrapeProps): void {
  const { metrics, jobName, intervalSeconds, timeoutSeconds } = props;
  if (![undefined, 'MERGED', 'ENVOY'].includes(metrics)) problems.add(METRICS, 'metrics', metrics);
  if (jobName !== undefined) checkRequired(problems, 'jobName', jobName);
  checkWhole(problems, SECONDS, 'intervalSeconds', intervalSeconds);
  checkWhole(problems, SECONDS, 'timeoutSeconds', timeoutSeconds);
  if (intervalSeconds !== undefined && timeoutSeconds !== undefined && timeoutSeconds > intervalSeconds) {
    problems.add(TIMEOUT, 'timeoutSeconds', timeoutSeconds);
  }
}
