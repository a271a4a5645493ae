import { type Chart, Testing } from 'cdk8s';
import { MeshVmAlerts, MeshVmGroup } from 'meshvm';
import type { AlertRule, RuleGroup } from '../../lib/observability/manifests/alert-rules';
import { aChart, groupProps, problemsOf } from '../fixtures';

function groupIn(chart: Chart): MeshVmGroup {
  return new MeshVmGroup(chart, 'pay', groupProps());
}

function ruleNamed(file: Readonly<Record<string, unknown>>, name: string): AlertRule | undefined {
  return (file as { groups: readonly RuleGroup[] }).groups.flatMap(({ rules }) => rules).find((r) => r.alert === name);
}

describe('MeshVmAlerts', () => {
  test('is a PrometheusRule with the rules of each group and of the control plane', () => {
    const chart = aChart();
    const groups = [{ group: groupIn(chart), minimumMachines: 2 }];
    const made = new MeshVmAlerts(chart, 'alerts', { groups, labels: { release: 'prom' } });
    expect(Testing.synth(chart).at(-1)).toStrictEqual({
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: { name: 'meshvm', namespace: 'payments', labels: { release: 'prom' } },
      spec: MeshVmAlerts.ruleFile({ groups }),
    });
    expect([made.ruleName, made.namespace]).toStrictEqual(['meshvm', 'payments']);
  });

  test('tells of a rule what it is about, how bad it is, why, and what to do', () => {
    const file = MeshVmAlerts.ruleFile({
      groups: [{ group: groupIn(aChart()), minimumMachines: 3 }],
      alertLabels: { team: 'payments' },
      runbookUrl: 'https://acme.example/runbook',
    });
    expect(ruleNamed(file, 'MeshVmTooFewRegistered')).toStrictEqual({
      alert: 'MeshVmTooFewRegistered',
      expr: 'count(meshvm_workload_entry_info{namespace="payments",workload="pay"}) < 3',
      for: '10m',
      labels: { team: 'payments', namespace: 'payments', workload: 'pay', severity: 'warning' },
      annotations: {
        summary: 'Fewer machines of payments/pay are registered than there must be',
        description: expect.stringContaining('run `meshvm doctor` on one of them'),
        runbook_url: 'https://acme.example/runbook#meshvmtoofewregistered',
      },
    });
  });

  test('names meshvm doctor in every description', () => {
    const { groups } = MeshVmAlerts.ruleFile({ groups: [{ group: groupIn(aChart()), minimumMachines: 2 }] }) as {
      groups: readonly RuleGroup[];
    };
    const rules = groups.flatMap((group) => group.rules);
    expect(rules).toHaveLength(12);
    expect(rules.filter((rule) => !rule.annotations.description.includes('`meshvm doctor`'))).toStrictEqual([]);
  });

  test('counts registered machines only where there must be more than one', () => {
    const file = MeshVmAlerts.ruleFile({ groups: [{ group: groupIn(aChart()) }] });
    expect(ruleNamed(file, 'MeshVmTooFewRegistered')).toBeUndefined();
  });

  test('takes its limits from properties', () => {
    const file = MeshVmAlerts.ruleFile({
      groups: [{ group: groupIn(aChart()) }],
      certificateHoursLeft: 2,
      rootCertificateDaysLeft: 90,
      versionSkewHours: 72,
    });
    expect([
      ruleNamed(file, 'MeshVmCertificateExpiring')?.expr,
      ruleNamed(file, 'MeshVmRootCertificateExpiring')?.expr,
      ruleNamed(file, 'MeshVmProxyVersionSkew')?.for,
    ]).toStrictEqual([
      'istio_agent_cert_expiry_seconds{namespace="payments",workload="pay",resource_name="default"} < 7200',
      'citadel_server_root_cert_expiry_timestamp - time() < 7776000',
      '72h',
    ]);
  });

  test('refuses everything wrong at once', () => {
    const group = groupIn(aChart());
    const wrong = () =>
      MeshVmAlerts.ruleFile({
        groups: [{ group }, { group, minimumMachines: 0 }],
        certificateHoursLeft: 0,
        rootCertificateDaysLeft: 0.5,
        versionSkewHours: -1,
        alertLabels: { severity: 'page', 'a-b': 'c', team: 'd' },
        runbookUrl: 'runbook',
      });
    expect(problemsOf(wrong)).toStrictEqual([
      'groups[1].group [monitoring/group-twice]',
      'groups[1].minimumMachines [monitoring/minimum-machines]',
      'certificateHoursLeft [monitoring/positive-number]',
      'rootCertificateDaysLeft [monitoring/positive-number]',
      'versionSkewHours [monitoring/positive-number]',
      'alertLabels [monitoring/alert-label]',
      'alertLabels [monitoring/alert-label]',
      'runbookUrl [monitoring/runbook-url]',
    ]);
    expect(problemsOf(() => MeshVmAlerts.ruleFile({ groups: [] }))).toStrictEqual(['groups [monitoring/no-groups]']);
  });
});
