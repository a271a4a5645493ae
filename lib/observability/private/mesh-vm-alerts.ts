import { isDeferred, type Problems, rule } from '../../core/problems';
import type { AlertSettings } from '../manifests/alert-rules';
import type { AlertRulesProps } from '../mesh-vm-alerts-props';
import { checkGroups, resolveGroups } from './monitored-groups';
import { checkWhole } from './whole-numbers';

const POSITIVE = rule({
  id: 'monitoring/positive-number',
  origin: 'meshvm',
  allowed: 'a whole number from 1',
  remedy: 'give hours or days, as the property says',
  source: 'meshvm: the alert would never fire, or always',
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
