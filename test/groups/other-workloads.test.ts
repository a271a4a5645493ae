import { ApiObject, App, Chart } from 'cdk8s';
import { GroupNamespace, GroupServiceAccount, MeshVmApp, MeshVmGroup, type MeshVmGroupProps } from 'meshvm';
import { groupProps } from '../fixtures';

const POD = { containers: [{ name: 'a', image: 'a' }] };

/** What synthesis complains of when a program has a group `shop` and another object. */
function complaint(manifest: object, options: { group?: Partial<MeshVmGroupProps>; app?: App; before?: boolean } = {}) {
  const { group = {}, app = new MeshVmApp(), before = false } = options;
  const chart = new Chart(app, 'payments', { namespace: 'payments' });
  const other = () =>
    new ApiObject(chart, 'other', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, ...manifest });
  if (before) other();
  new MeshVmGroup(chart, 'shop', groupProps({ namespace: GroupNamespace.existing(), ...group }));
  new MeshVmGroup(chart, 'till', groupProps({ namespace: GroupNamespace.existing() }));
  if (!before) other();
  try {
    app.synthYaml();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const RULE = '[group/service-account-of-other-workloads]';
const workload = (kind: string, spec: object) => ({ apiVersion: 'apps/v1', kind, spec });

test.each<readonly [string, object]>([
  ['a Pod', { spec: { ...POD, serviceAccountName: 'shop' } }],
  ['a Pod by the old name of the field', { spec: { ...POD, serviceAccount: 'shop' } }],
  ...['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'Rollout'].map(
    (kind) => [`a ${kind}`, workload(kind, { template: { spec: { ...POD, serviceAccountName: 'shop' } } })] as const,
  ),
  [
    'a CronJob',
    workload('CronJob', { jobTemplate: { spec: { template: { spec: { ...POD, serviceAccountName: 'shop' } } } } }),
  ],
  ['a WorkloadGroup', workload('WorkloadGroup', { metadata: {}, template: { serviceAccount: 'shop' } })],
  ['a WorkloadEntry', workload('WorkloadEntry', { address: '10.20.0.9', serviceAccount: 'shop' })],
])('%s with the ServiceAccount of a group is refused when the program is complete', (_, manifest) => {
  for (const options of [{}, { before: true }, { app: new App() }]) {
    const message = complaint(manifest, options);
    expect(message).toContain('payments/shop: 1 problem');
    expect(message).toContain('(payments/other), or serviceAccount.shared');
    expect(message).toContain(RULE);
    expect(message?.split('problem')).toHaveLength(2);
  }
});

test.each([
  ['another ServiceAccount', { spec: { ...POD, serviceAccountName: 'web' } }],
  ['none, which is that of the namespace', { spec: POD }],
  [
    'the same in another namespace',
    { metadata: { name: 'web', namespace: 'shop' }, spec: { ...POD, serviceAccountName: 'shop' } },
  ],
  ['a WorkloadEntry with none', workload('WorkloadEntry', { address: '10.20.0.9' })],
  ['nothing in it', {}],
])('a Pod with %s is no concern of the group', (_, manifest) => {
  expect(complaint(manifest)).toBeUndefined();
});

test('the ServiceAccount of the namespace is that of Pods that name none', () => {
  expect(complaint({ spec: POD }, { group: { serviceAccount: GroupServiceAccount.existing('default') } })).toContain(
    RULE,
  );
});

test('who says that it is meant may share', () => {
  const serviceAccount = GroupServiceAccount.shared('web');
  expect(complaint({ spec: { ...POD, serviceAccountName: 'web' } }, { group: { serviceAccount } })).toBeUndefined();
});

test("a group's own machines have it", () => {
  const app = new MeshVmApp();
  const group = new MeshVmGroup(new Chart(app, 'payments', { namespace: 'payments' }), 'shop', groupProps());
  group.addMachine('one', { address: '10.20.0.7' });
  expect(() => app.synthYaml()).not.toThrow();
});
