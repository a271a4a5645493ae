import fc from 'fast-check';
import * as cdk8sFace from 'meshvm';
import { MeshVmAlerts, type MeshVmAlertsArgs } from 'meshvm/pulumi';
import * as value from '../../mesh/differential/values';
import { groupArgs, later, named, refusal } from '../fixtures';
import { aGroup, expectSame, theGroup } from '../groups/beside-group';
import { cdk8sVerdict, pulumiVerdict } from '../parity';
import { failureOf, runProgram, settled } from '../program';

const SETTINGS = {
  certificateHoursLeft: 4,
  rootCertificateDaysLeft: 60,
  versionSkewHours: 48,
  alertLabels: { team: 'payments' },
  runbookUrl: 'https://acme.example/runbook',
};
const group = { groupName: 'pay', namespace: 'payments', serviceAccount: 'pay', labels: { app: 'pay', version: 'v1' } };

describe('MeshVmAlerts', () => {
  test('declares what the cdk8s construct declares', async () => {
    const object = { name: 'machines', namespace: 'monitoring', labels: { release: 'prometheus' } };
    const declared = await expectSame(
      (chart) => {
        const groups = [{ group: aGroup(chart), minimumMachines: 3 }];
        new cdk8sFace.MeshVmAlerts(chart, 'a', { groups, namespace: 'monitoring' });
        new cdk8sFace.MeshVmAlerts(chart, 'b', { groups, ...SETTINGS, ...object });
      },
      () => {
        const groups = [{ group: theGroup(), minimumMachines: 3 }];
        new MeshVmAlerts('a', { groups, namespace: 'monitoring' });
        new MeshVmAlerts('b', { groups, ...SETTINGS, ...object });
      },
    );
    expect(Object.keys(declared)).toStrictEqual([
      'monitoring.coreos.com/v1 PrometheusRule monitoring/meshvm',
      'monitoring.coreos.com/v1 PrometheusRule monitoring/machines',
    ]);
  });

  test('says the same for a file of rules', async () => {
    const { value } = await runProgram(async () => {
      const groups = [{ group: { ...group, namespace: later('payments') } }];
      return settled(MeshVmAlerts.ruleFile({ groups, ...SETTINGS, runbookUrl: later(SETTINGS.runbookUrl) }));
    });
    const known = { ...group, serviceHosts: [], node: { path: 'pay' } };
    expect(value).toStrictEqual(cdk8sFace.MeshVmAlerts.ruleFile({ groups: [{ group: known }], ...SETTINGS }));
  });

  test('takes Inputs, and tells what it is called', async () => {
    const { value, resources } = await runProgram(async () => {
      const groups = [{ group: { ...group, groupName: later('shop') } }];
      const alertLabels = { team: later('payments') };
      const alerts = new MeshVmAlerts('alerts', { groups, namespace: later('monitoring'), alertLabels });
      return [await settled(alerts.ruleName), await settled(alerts.namespace)];
    });
    expect(value).toStrictEqual(['meshvm', 'monitoring']);
    const { spec } = named(resources, 'alerts-Resource').inputs as {
      spec: { groups: { name: string; rules: object[] }[] };
    };
    expect(spec.groups[0].name).toBe('meshvm/payments/shop');
    expect(spec.groups[0].rules[0]).toMatchObject({
      expr: 'absent(meshvm_workload_entry_info{namespace="payments",workload="shop"})',
      labels: { team: 'payments', namespace: 'payments', workload: 'shop', severity: 'critical' },
    });
  });

  test('refuses everything that is wrong at once, before it registers anything', async () => {
    const args = {
      groups: [{ group }, { group: { ...group }, minimumMachines: 0 }],
      namespace: 'A',
      certificateHoursLeft: 0,
      alertLabels: { severity: 'none' },
      runbookUrl: 'runbook',
    };
    const rules = [
      'groups[1].group [monitoring/group-twice]',
      'groups[1].minimumMachines [monitoring/minimum-machines]',
      'certificateHoursLeft [monitoring/positive-number]',
      'alertLabels [monitoring/alert-label]',
      'runbookUrl [monitoring/runbook-url]',
    ];
    expect(await refusal(() => new MeshVmAlerts('alerts', args))).toStrictEqual([
      ...rules,
      'namespace [name/dns-label]',
    ]);
    expect(await refusal(() => MeshVmAlerts.ruleFile(args))).toStrictEqual(rules);
    expect(await refusal(() => MeshVmAlerts.ruleFile({ groups: [] }))).toStrictEqual(['groups [monitoring/no-groups]']);
  });

  test('refuses what becomes known to be wrong', async () => {
    const args = { groups: [{ group }], namespace: 'monitoring', runbookUrl: later('runbook') };
    const errors = await failureOf(() => new MeshVmAlerts('alerts', args));
    expect(errors.map(({ message }) => message)).toContainEqual(expect.stringContaining('[monitoring/runbook-url]'));
  });

  test('agrees with the cdk8s construct on random properties', async () => {
    const tally = { accepted: 0, refused: 0 };
    const whole = value.maybe(value.mostly(fc.integer({ min: 1, max: 99 }), fc.constantFrom(0, -1, 0.5)));
    const url = fc
      .tuple(fc.constantFrom('http', 'https'), fc.domain(), fc.constantFrom('', '/', '/a%20b/~c', '/run?book=1&x'))
      .map(([scheme, host, path]) => `${scheme}://${host}${path}`);
    const random = fc.record({
      minimumMachines: whole,
      object: fc.record({
        name: value.maybe(value.name),
        namespace: value.name,
        labels: value.maybe(value.labels),
        certificateHoursLeft: whole,
        rootCertificateDaysLeft: whole,
        versionSkewHours: whole,
        alertLabels: value.maybe(value.labels),
        runbookUrl: value.maybe(value.mostly(url, fc.constantFrom('', '/runbook', 'https://a.b/#c'), 4)),
      }) satisfies fc.Arbitrary<Partial<MeshVmAlertsArgs>>,
    });
    await fc.assert(
      fc.asyncProperty(random, async ({ minimumMachines, object }) => {
        const manifests = cdk8sVerdict((chart) => {
          const groups = [{ group: aGroup(chart), minimumMachines }];
          new cdk8sFace.MeshVmAlerts(chart, 'alerts', { groups, ...object });
        });
        const resources = await pulumiVerdict(
          () => new MeshVmAlerts('alerts', { groups: [{ group: theGroup(groupArgs()), minimumMachines }], ...object }),
          ['payment-service'],
        );
        expect(resources).toStrictEqual(manifests);
        tally[Array.isArray(manifests) ? 'refused' : 'accepted'] += 1;
      }),
      { numRuns: 30 },
    );
    expect(Math.min(tally.accepted, tally.refused)).toBeGreaterThan(0);
  });
});
