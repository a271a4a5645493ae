import type { DataPlace, Place } from '../../core/place';
import type { PlannedObjects } from '../../core/planned-objects';
import { type Problems, rule } from '../../core/problems';
import { type AlertSettings, prometheusRule, ruleGroups } from '../manifests/alert-rules';
import type { AlertRulesProps, MeshVmAlertsProps } from '../mesh-vm-alerts-props';
import { checkGroups, resolveGroups } from './monitored-groups';
import { checkMonitoringObject } from './monitoring-object';
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

/** From the spec to the object. @throws ValidationError with everything that is wrong. */
export function planMeshVmAlerts(spec: MeshVmAlertsProps, { path, namespace, problems }: Place): PlannedObjects {
  const { name = 'meshvm', labels = {} } = spec;
  const object = { name, namespace: spec.namespace ?? namespace, labels };
  checkAlerts(problems, spec);
  checkMonitoringObject(problems, object);
  problems.throwIfAny(path);
  return {
    name,
    namespace: object.namespace,
    objects: { Resource: prometheusRule({ ...resolveAlerts(spec), ...object }) },
  };
}

/** From the spec to a file of rules. @throws ValidationError with everything that is wrong. */
export function planRuleFile(spec: AlertRulesProps, { path, problems }: DataPlace): Record<string, unknown> {
  checkAlerts(problems, spec);
  problems.throwIfAny(path);
  return { groups: ruleGroups(resolveAlerts(spec)) };
}

/** Fills in every default. */
function resolveAlerts(props: AlertRulesProps): AlertSettings {
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
function checkAlerts(problems: Problems, props: AlertRulesProps): void {
  checkGroups(problems, props.groups);
  checkWhole(problems, POSITIVE, 'certificateHoursLeft', props.certificateHoursLeft);
  checkWhole(problems, POSITIVE, 'rootCertificateDaysLeft', props.rootCertificateDaysLeft);
  checkWhole(problems, POSITIVE, 'versionSkewHours', props.versionSkewHours);
  for (const name of Object.keys(props.alertLabels ?? {})) {
    if (!/^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) || OWN_LABELS.includes(name)) {
      problems.add(ALERT_LABEL, 'alertLabels', name);
    }
  }
  problems.check(RUNBOOK, 'runbookUrl', props.runbookUrl, (url) => URL.canParse(url) && !url.includes('#'));
}

const OWN_LABELS = ['severity', 'namespace', 'workload', 'alertname'];
