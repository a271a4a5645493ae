import { isDeferred, type Problems, rule } from '../../core/problems';
import { checkLabels } from '../../core/values/labels';
import { checkDnsLabel, checkDnsSubdomain, checkRequired } from '../../core/values/names';
import type { MachineScrapeProps } from '../machine-scrape-config-props';
import type { AlertSettings } from '../manifests/alert-rules';
import type { DashboardSettings } from '../manifests/machine-dashboard';
import type { MonitoredMachines } from '../manifests/machine-queries';
import type { ScrapeSettings } from '../manifests/machine-scrape';
import type { AlertRulesProps } from '../mesh-vm-alerts-props';
import type { DashboardProps } from '../mesh-vm-dashboard-props';
import type { MonitoredGroup } from '../monitored-group';

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
const MINIMUM = rule({
  id: 'monitoring/minimum-machines',
  origin: 'meshvm',
  allowed: 'a whole number from 1',
  remedy: 'give how many machines must be there; leave out a group that may have none',
  source: 'meshvm: no count of machines is below 0',
});
const POSITIVE = rule({
  id: 'monitoring/positive-number',
  origin: 'meshvm',
  allowed: 'a whole number from 1',
  remedy: 'give hours or days, as the property says',
  source: 'meshvm: the alert would never fire, or always',
});
const NO_GROUPS = rule({
  id: 'monitoring/no-groups',
  origin: 'meshvm',
  allowed: 'at least one group',
  remedy: 'name the groups',
  source: 'meshvm: nothing would be told of any machine',
});
const GROUP_TWICE = rule({
  id: 'monitoring/group-twice',
  origin: 'kubernetes',
  allowed: 'each group once',
  remedy: 'remove one of the two',
  source: 'Prometheus rulefmt RuleGroups.Validate: names of groups of rules are unique in a file',
});
const ALERT_LABEL = rule({
  id: 'monitoring/alert-label',
  origin: 'meshvm',
  allowed:
    'names of a-z, A-Z, 0-9 and "_", not first a digit and not "__"; not severity, namespace, workload and alertname',
  remedy: 'rename the label',
  source: 'Prometheus model.LabelName.IsValid; the others are set for each alert',
});
const RUNBOOK = rule({
  id: 'monitoring/runbook-url',
  origin: 'meshvm',
  allowed: 'an absolute URL without "#"',
  remedy: 'give the address of the page; each alert adds its own section',
  source: 'meshvm',
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

/** Groups as expressions see them. */
export function resolveGroups(groups: readonly MonitoredGroup[]): readonly MonitoredMachines[] {
  return groups.map(({ group, minimumMachines }) => ({
    namespace: group.namespace,
    workload: group.groupName,
    minimum: minimumMachines ?? 1,
  }));
}

/** Everything about monitored groups that makes no sense. */
export function checkGroups(problems: Problems, groups: readonly MonitoredGroup[]): void {
  if (groups.length === 0) problems.add(NO_GROUPS, 'groups', groups);
  const seen = new Set<string>();
  for (const [index, { group, minimumMachines }] of groups.entries()) {
    const identity = `${group.namespace}/${group.groupName}`;
    if (seen.has(identity)) problems.add(GROUP_TWICE, `groups[${index}].group`, group.groupName);
    seen.add(identity);
    checkWhole(problems, MINIMUM, `groups[${index}].minimumMachines`, minimumMachines);
  }
}

/** Fills in every default. */
export function resolveDashboard({ groups, title = 'Machines in the mesh' }: DashboardProps): DashboardSettings {
  return { title, machines: resolveGroups(groups) };
}

/** Everything about a dashboard that makes no sense. */
export function checkDashboard(problems: Problems, { groups, title }: DashboardProps): void {
  checkGroups(problems, groups);
  if (title !== undefined) checkRequired(problems, 'title', title);
}

/** Fills in every default. */
export function resolveAlerts(props: AlertRulesProps): AlertSettings {
  return {
    machines: resolveGroups(props.groups),
    certificateHoursLeft: props.certificateHoursLeft ?? 6,
    rootCertificateDaysLeft: props.rootCertificateDaysLeft ?? 30,
    versionSkewHours: props.versionSkewHours ?? 24,
    alertLabels: { ...props.alertLabels },
    runbookUrl: props.runbookUrl,
  };
}

/** Everything about alerts that Prometheus would refuse, or that would never fire. */
export function checkAlerts(problems: Problems, props: AlertRulesProps): void {
  checkGroups(problems, props.groups);
  checkWhole(problems, POSITIVE, 'certificateHoursLeft', props.certificateHoursLeft);
  checkWhole(problems, POSITIVE, 'rootCertificateDaysLeft', props.rootCertificateDaysLeft);
  checkWhole(problems, POSITIVE, 'versionSkewHours', props.versionSkewHours);
  for (const name of Object.keys(props.alertLabels ?? {})) {
    if (!/^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) || OWN_LABELS.includes(name)) {
      problems.add(ALERT_LABEL, 'alertLabels', name);
    }
  }
  const { runbookUrl } = props;
  if (runbookUrl !== undefined && !isDeferred(runbookUrl) && !(URL.canParse(runbookUrl) && !runbookUrl.includes('#'))) {
    problems.add(RUNBOOK, 'runbookUrl', runbookUrl);
  }
}

const OWN_LABELS = ['severity', 'namespace', 'workload', 'alertname'];

/** The metadata of an object for prometheus-operator or Grafana. */
export function checkMonitoringObject(
  problems: Problems,
  object: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
  },
): void {
  checkDnsSubdomain(problems, 'name', object.name);
  checkDnsLabel(problems, 'namespace', object.namespace);
  checkLabels(problems, 'labels', object.labels);
}

function checkWhole(
  problems: Problems,
  violated: Parameters<Problems['add']>[0],
  property: string,
  value: unknown,
): void {
  if (value === undefined || isDeferred(value)) return;
  if (!(Number.isInteger(value) && Number(value) >= 1)) problems.add(violated, property, value);
}
