import type * as pulumi from '@pulumi/pulumi';
import type { MachineScrapeProps } from '../../../observability/machine-scrape-config-props';
import { prometheusJob, scrapeConfig } from '../../../observability/manifests/machine-scrape';
import { checkScrape, resolveScrape } from '../../../observability/private/machine-scrape-config';
import { checkMonitoringObject } from '../../../observability/private/monitoring-object';
import { ArgumentProblems } from '../../core/arguments';
import { type Plan, plan } from '../../core/plan';
import type { PlannedObjects } from '../../core/planned-objects';
import { groupOf, groupReference, type MemberReference } from '../../machines/references';
import { discoveryOf } from '../convert/machine-discovery';
import type { MachineScrapeArgs, MachineScrapeConfigArgs } from '../machine-scrape-config-args';

/** @throws InputPropertiesError with everything that is wrong with the arguments. */
export function planScrapeConfig(name: string, args: MachineScrapeConfigArgs): Plan<PlannedObjects> {
  return plan(scrapeData(args), (known, run): PlannedObjects => {
    const problems = new ArgumentProblems(run);
    const props = scrapePropsOf(problems, known as KnownScrape);
    const { name: ofObject, namespace, labels } = (known as KnownScrape).others;
    const object = {
      name: ofObject ?? `${props.group.groupName}-machines`,
      namespace: namespace ?? props.group.namespace,
      labels: { ...labels },
    };
    checkScrape(problems.problems, props);
    checkMonitoringObject(problems.problems, object);
    problems.throwIfAny(`MachineScrapeConfig ${name}`);
    return {
      name: object.name,
      namespace: object.namespace,
      objects: { Resource: scrapeConfig({ ...resolveScrape(props), ...object }) },
    };
  });
}

/** @throws InputPropertiesError with everything that is wrong with the arguments. */
export function planPrometheusJob(args: MachineScrapeArgs): Plan<Record<string, unknown>> {
  return plan(scrapeData(args), (known, run) => {
    const problems = new ArgumentProblems(run);
    const props = scrapePropsOf(problems, known as KnownScrape);
    checkScrape(problems.problems, props);
    problems.throwIfAny('MachineScrapeConfig.prometheusJob');
    return prometheusJob(resolveScrape(props));
  });
}

interface KnownScrape {
  readonly others: Omit<pulumi.Unwrap<MachineScrapeConfigArgs>, 'group'>;
  readonly group: MemberReference;
}

function scrapeData({ group, ...others }: MachineScrapeConfigArgs) {
  return { others, group: groupReference(group, 'group') };
}

function scrapePropsOf(problems: ArgumentProblems, { others, group }: KnownScrape): MachineScrapeProps {
  const { discovery, metrics, jobName, intervalSeconds, timeoutSeconds } = others;
  return {
    group: groupOf(problems, group),
    discovery: discoveryOf(problems, 'discovery', discovery),
    metrics,
    jobName,
    intervalSeconds,
    timeoutSeconds,
  };
}
