import type * as pulumi from '@pulumi/pulumi';
import { prometheusRule, ruleGroups } from '../../../observability/manifests/alert-rules';
import type { AlertRulesProps } from '../../../observability/mesh-vm-alerts-props';
import { checkAlerts, resolveAlerts } from '../../../observability/private/mesh-vm-alerts';
import { checkMonitoringObject } from '../../../observability/private/monitoring-object';
import { ArgumentProblems } from '../../core/arguments';
import { type Plan, plan } from '../../core/plan';
import type { PlannedObjects } from '../../core/planned-objects';
import { type MonitoredGroupData, monitoredGroupsData, monitoredGroupsOf } from '../convert/monitored-groups';
import type { AlertRulesArgs, MeshVmAlertsArgs } from '../mesh-vm-alerts-args';

/** @throws InputPropertiesError with everything that is wrong with the arguments. */
export function planAlerts(name: string, { name: ofObject, namespace, labels, ...rules }: MeshVmAlertsArgs) {
  const object = { name: ofObject ?? 'meshvm', namespace, labels: labels ?? {} };
  return plan({ object, rules: rulesData(rules) }, (known, run): PlannedObjects => {
    const problems = new ArgumentProblems(run);
    const props = rulesOf(problems, known.rules as KnownRules);
    checkAlerts(problems.problems, props);
    checkMonitoringObject(problems.problems, known.object);
    problems.throwIfAny(`MeshVmAlerts ${name}`);
    return {
      name: known.object.name,
      namespace: known.object.namespace,
      objects: { Resource: prometheusRule({ ...resolveAlerts(props), ...known.object }) },
    };
  });
}

/** @throws InputPropertiesError with everything that is wrong with the arguments. */
export function planRuleFile(args: AlertRulesArgs): Plan<Record<string, unknown>> {
  return plan(rulesData(args), (known, run): Record<string, unknown> => {
    const problems = new ArgumentProblems(run);
    const props = rulesOf(problems, known as KnownRules);
    checkAlerts(problems.problems, props);
    problems.throwIfAny('MeshVmAlerts.ruleFile');
    return { groups: ruleGroups(resolveAlerts(props)) };
  });
}

interface KnownRules {
  readonly others: Omit<pulumi.Unwrap<AlertRulesArgs>, 'groups'>;
  readonly groups: readonly MonitoredGroupData[];
}

function rulesData({ groups, ...others }: AlertRulesArgs) {
  return { others, groups: monitoredGroupsData(groups) };
}

function rulesOf(problems: ArgumentProblems, { others, groups }: KnownRules): AlertRulesProps {
  return { ...others, groups: monitoredGroupsOf(problems, groups) };
}
