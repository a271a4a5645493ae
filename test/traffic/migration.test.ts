import { type Chart, Testing } from 'cdk8s';
import {
  GroupNamespace,
  MeshVmGroup,
  type MeshVmGroupProps,
  Migration,
  MigrationDirection,
  type MigrationProps,
  MigrationStep,
  TrafficTarget,
} from 'meshvm';
import { aChart, groupProps, problemsOf } from '../fixtures';

const host = 'shop.payments.svc.cluster.local';
const pods = { version: 'pods' };

function aGroup(chart: Chart, props: Partial<MeshVmGroupProps> = {}, id = 'shop'): MeshVmGroup {
  return new MeshVmGroup(chart, id, groupProps({ namespace: GroupNamespace.existing(), version: 'v1', ...props }));
}

/** Objects of a migration to pods. */
function objectsOf(props: Partial<MigrationProps>, group: Partial<MeshVmGroupProps> = {}) {
  const chart = aChart();
  const direction = MigrationDirection.TO_PODS;
  const migration = { group: aGroup(chart, group), pods, direction, step: MigrationStep.start(), ...props };
  new Migration(chart, 'move', migration);
  return Testing.synth(chart).slice(-2);
}

/** What is said of a migration to pods. */
function refusal(props: Partial<MigrationProps>, group: Partial<MeshVmGroupProps> = {}): readonly string[] {
  return problemsOf(() => objectsOf(props, group));
}

function weightsOf(objects: ReturnType<typeof objectsOf>): readonly number[] {
  return objects[1].spec.http[0].route.map(({ weight }: { readonly weight: number }) => weight);
}

describe('Migration', () => {
  test('is two subsets of the host of the Service, and their shares', () => {
    expect(objectsOf({ step: MigrationStep.share(10) })).toStrictEqual([
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'DestinationRule',
        metadata: { name: 'shop', namespace: 'payments' },
        spec: {
          host,
          subsets: [
            { name: 'machines', labels: { version: 'v1' } },
            { name: 'pods', labels: { version: 'pods' } },
          ],
        },
      },
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata: { name: 'shop', namespace: 'payments' },
        spec: {
          hosts: [host],
          http: [
            {
              route: [
                { destination: { host, subset: 'machines' }, weight: 90 },
                { destination: { host, subset: 'pods' }, weight: 10 },
              ],
            },
          ],
        },
      },
    ]);
  });

  test.each<[string, MigrationStep, readonly number[]]>([
    ['start', MigrationStep.start(), [100, 0]],
    ['mirror', MigrationStep.mirror(), [100, 0]],
    ['a share', MigrationStep.share(1), [99, 1]],
    ['done', MigrationStep.done(), [0, 100]],
  ])('changes numbers alone at step: %s', (_what, step, [old, young]) => {
    expect(weightsOf(objectsOf({ step }))).toStrictEqual([old, young]);
    expect(weightsOf(objectsOf({ step, direction: MigrationDirection.TO_MACHINES }))).toStrictEqual([young, old]);
    const [rule, service] = objectsOf({ step });
    const [startRule, startService] = objectsOf({ step: MigrationStep.start() });
    expect(rule).toStrictEqual(startRule);
    const withoutNumbers = (object: unknown) =>
      JSON.stringify(object, (key, value) => (key === 'weight' || key === 'mirrors' ? undefined : value));
    expect(withoutNumbers(service)).toBe(withoutNumbers(startService));
  });

  test.each<[MigrationDirection, string]>([
    [MigrationDirection.TO_PODS, 'pods'],
    [MigrationDirection.TO_MACHINES, 'machines'],
  ])('%s mirrors to the new side', (direction, subset) => {
    expect(objectsOf({ direction, step: MigrationStep.mirror(5) })[1].spec.http[0].mirrors).toStrictEqual([
      { destination: { host, subset }, percentage: { value: 5 } },
    ]);
  });

  test('tells pods from machines by any label that both have', () => {
    const labels = { platform: 'machines' };
    expect(objectsOf({ pods: { version: 'v1', platform: 'pods' } }, { labels })[0].spec.subsets).toStrictEqual([
      { name: 'machines', labels: { version: 'v1', platform: 'machines' } },
      { name: 'pods', labels: { version: 'v1', platform: 'pods' } },
    ]);
  });

  test('takes the Service of the pods, and what else there is to say of a host', () => {
    const target = TrafficTarget.service('web', { ports: [{ name: 'grpc', port: 80 }] });
    const retries = { attempts: 1 };
    const traffic = { outlierDetection: { maxEjectionPercent: 50 } };
    const [rule, service] = objectsOf({ target, retries, traffic, timeoutSeconds: 2 }, { services: [] });
    expect([rule.metadata.name, rule.spec.trafficPolicy]).toStrictEqual(['web', traffic]);
    expect(service.spec.http[0]).toMatchObject({
      timeout: '2s',
      retries: { attempts: 1, retryOn: 'connect-failure,refused-stream,reset-before-request,unavailable' },
    });
  });

  test.each<[string, Partial<MigrationProps>, readonly string[]]>([
    ['a direction that is none', { direction: 'UP' as MigrationDirection }, ['direction [shape/value]']],
    ['a share that is none', { step: MigrationStep.share(0.5) }, ['step.sharePercent [release/percent]']],
    ['a mirror of nothing', { step: MigrationStep.mirror(0) }, ['step.mirrorPercent [release/mirror-nothing]']],
    ['pods without labels', { pods: {} }, ['pods [migration/no-labels]']],
    ['pods with the labels of machines', { pods: { version: 'v1' } }, ['pods [migration/same-labels]']],
    [
      'labels that machines have not',
      { pods: { version: 'pods', tier: 'x' } },
      ['pods["tier"] [migration/label-unknown]'],
    ],
    ['labels that are none', { pods: { version: 'a b' } }, ['pods["version"] [label/machine]']],
    ['bad settings', { traffic: { connectionPool: {} } }, ['traffic.connectionPool [traffic/connection-pool-empty]']],
  ])('refuses %s', (_what, props, expected) => {
    expect(refusal(props)).toStrictEqual(expected);
  });

  test('refuses a group without Services, unless it is told the Service', () => {
    expect(refusal({}, { services: [] })).toStrictEqual(['target [migration/no-service]']);
  });

  test('refuses the Service of another application', () => {
    const chart = aChart();
    const group = aGroup(chart);
    const target = TrafficTarget.group(aGroup(chart, {}, 'other'));
    const props = { group, pods, target, direction: MigrationDirection.TO_PODS, step: MigrationStep.start() };
    expect(problemsOf(() => new Migration(chart, 'move', props))).toStrictEqual(['group [subset/other-application]']);
  });

  test('refuses to mirror connections', () => {
    expect(refusal({ step: MigrationStep.mirror() }, { ports: [{ name: 'tcp', port: 9000 }] })).toStrictEqual([
      'step.mirrorPercent [release/http-without-http-port]',
    ]);
  });

  test('refuses to leave a version of the machines without traffic', () => {
    const chart = aChart();
    const group = aGroup(chart);
    aGroup(chart, { canonicalService: 'shop', version: 'v2', services: [] }, 'canary');
    const props = { group, pods, direction: MigrationDirection.TO_PODS, step: MigrationStep.start() };
    expect(problemsOf(() => new Migration(chart, 'move', props))).toStrictEqual(['group [subset/version-left-out]']);
  });
});
