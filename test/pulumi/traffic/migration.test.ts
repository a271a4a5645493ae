import * as cdk8sFace from 'meshvm';
import { Migration, MigrationDirection, type MigrationStepArgs } from 'meshvm/pulumi';
import { later, named, refusal, registered } from '../fixtures';
import { aGroup, expectSame, theGroup } from '../groups/beside-group';
import { failureOf, runProgram, settled } from '../program';

const direction = MigrationDirection.TO_PODS;
const pods = { version: 'v1-pods' };

describe('Migration', () => {
  const { MigrationStep } = cdk8sFace;
  test.each<readonly [string, cdk8sFace.MigrationStep, MigrationStepArgs]>([
    ['starts', MigrationStep.start(), { start: true }],
    ['mirrors', MigrationStep.mirror(1), { mirrorPercent: 1 }],
    ['shares', MigrationStep.share(10), { sharePercent: 10 }],
    ['goes back', MigrationStep.share(0), { sharePercent: 0 }],
    ['is done', MigrationStep.done(), { done: true, start: false }],
  ])('declares what the cdk8s construct declares, when it %s', async (_, cdk8sStep, step) => {
    const declared = await expectSame(
      (chart) => {
        const group = aGroup(chart, { version: 'v1' });
        const direction = cdk8sFace.MigrationDirection.TO_PODS;
        new cdk8sFace.Migration(chart, 'migration', { group, pods, direction, step: cdk8sStep, timeoutSeconds: 3 });
      },
      () =>
        new Migration('migration', { group: theGroup({ version: 'v1' }), pods, direction, step, timeoutSeconds: 3 }),
    );
    expect(Object.keys(declared).sort()).toStrictEqual([
      'networking.istio.io/v1 DestinationRule payments/payment-service',
      'networking.istio.io/v1 VirtualService payments/payment-service',
    ]);
  });

  test('and to the machines, behind the Service of the pods', async () => {
    const ports = [{ name: 'http', port: 80 }];
    await expectSame(
      (chart) =>
        new cdk8sFace.Migration(chart, 'migration', {
          group: aGroup(chart, { services: [], labels: { platform: 'machines' } }),
          pods: { platform: 'pods' },
          direction: cdk8sFace.MigrationDirection.TO_MACHINES,
          step: MigrationStep.share(50),
          target: cdk8sFace.TrafficTarget.service('payments', { namespace: 'payments', ports }),
          retries: { attempts: 1 },
          traffic: { outlierDetection: { consecutive5xxErrors: 3 } },
        }),
      () =>
        new Migration('migration', {
          group: theGroup({ services: [], labels: { platform: 'machines' } }),
          pods: { platform: 'pods' },
          direction: MigrationDirection.TO_MACHINES,
          step: { sharePercent: 50 },
          target: { service: { name: 'payments', namespace: 'payments', ports } },
          retries: { attempts: 1 },
          traffic: { outlierDetection: { consecutive5xxErrors: 3 } },
        }),
      [],
    );
  });

  test('takes Inputs, and tells its hosts', async () => {
    const { value, resources } = await runProgram(async () => {
      const group = theGroup({ namespace: later('payments'), labels: { platform: later('machines') } });
      const step = { sharePercent: 1 };
      const migration = new Migration('migration', { group, pods: { platform: later('pods') }, direction, step });
      return [await settled(migration.hosts), await settled(migration.namespace)];
    });
    expect(value).toStrictEqual([['payment-service.payments.svc.cluster.local'], 'payments']);
    expect(named(resources, 'migration-DestinationRule').inputs.spec.subsets).toStrictEqual([
      { name: 'machines', labels: { platform: 'machines' } },
      { name: 'pods', labels: { platform: 'pods' } },
    ]);
  });

  test('takes a group by its outputs where the Service is named', async () => {
    const resources = await registered(() => {
      const { groupName, namespace, serviceAccount, labels } = theGroup({ version: 'v1' });
      const service = { name: 'payments', namespace: 'payments', ports: [{ name: 'http', port: 80 }] };
      const group = { groupName, namespace, serviceAccount, labels };
      new Migration('migration', { group, pods, direction, step: { start: true }, target: { service } });
    });
    expect(named(resources, 'migration-DestinationRule').inputs.spec.subsets).toStrictEqual([
      { name: 'machines', labels: { version: 'v1' } },
      { name: 'pods', labels: { version: 'v1-pods' } },
    ]);
  });

  test('refuses everything that is wrong at once', async () => {
    await registered(() => {
      const group = theGroup();
      const wrong = { group, pods: {}, direction: 'AWAY' as MigrationDirection, step: { start: true, done: true } };
      let message = '';
      try {
        new Migration('migration', wrong);
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).toContain('Migration migration: 2 problems');
      expect(message).toContain('allowed: exactly one of start, mirrorPercent, sharePercent, done');
      expect(message).toContain('direction: "AWAY" is not allowed; allowed: one of TO_PODS, TO_MACHINES');
    });
  });

  test('registers nothing when something is wrong', async () => {
    const group = {
      groupName: 'pay',
      namespace: 'payments',
      serviceAccount: 'pay',
      labels: { app: 'pay', version: '1' },
    };
    const args = { group, pods, direction, step: { sharePercent: 1.5 } };
    expect(await refusal(() => new Migration('migration', args))).toStrictEqual(['target [migration/no-service]']);
  });

  test('refuses labels that turn out to be those of the machines', async () => {
    const errors = await failureOf(() => {
      const group = theGroup({ version: 'v1' });
      new Migration('migration', { group, pods: { version: later('v1') }, direction, step: { start: true } });
    });
    expect(errors.map(({ message }) => message)).toContainEqual(expect.stringContaining('[migration/same-labels]'));
  });
});
