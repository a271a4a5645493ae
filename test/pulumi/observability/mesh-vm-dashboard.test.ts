import * as cdk8sFace from 'meshvm';
import { MeshVmDashboard } from 'meshvm/pulumi';
import { later, named, refusal } from '../fixtures';
import { aGroup, expectSame, theGroup } from '../groups/beside-group';
import { failureOf, runProgram, settled } from '../program';

const group = { groupName: 'pay', namespace: 'payments', serviceAccount: 'pay', labels: { app: 'pay', version: 'v1' } };

describe('MeshVmDashboard', () => {
  test('declares what the cdk8s construct declares', async () => {
    const object = { name: 'machines', namespace: 'grafana', labels: { dashboards: 'yes' }, title: 'Payments' };
    const declared = await expectSame(
      (chart) => {
        const groups = [{ group: aGroup(chart), minimumMachines: 3 }];
        new cdk8sFace.MeshVmDashboard(chart, 'a', { groups, namespace: 'monitoring' });
        new cdk8sFace.MeshVmDashboard(chart, 'b', { groups, ...object });
      },
      () => {
        const groups = [{ group: theGroup(), minimumMachines: 3 }];
        new MeshVmDashboard('a', { groups, namespace: 'monitoring' });
        new MeshVmDashboard('b', { groups, ...object });
      },
    );
    expect(Object.keys(declared)).toStrictEqual([
      'v1 ConfigMap monitoring/meshvm-dashboard',
      'v1 ConfigMap grafana/machines',
    ]);
  });

  test('says the same for an import', async () => {
    const { value } = await runProgram(async () => {
      const groups = [{ group: { ...group, namespace: later('payments') }, minimumMachines: 2 }];
      return settled(MeshVmDashboard.json({ groups, title: later('Payments') }));
    });
    const known = { ...group, serviceHosts: [], node: { path: 'pay' } };
    const groups = [{ group: known, minimumMachines: 2 }];
    expect(value).toStrictEqual(cdk8sFace.MeshVmDashboard.json({ groups, title: 'Payments' }));
  });

  test('takes Inputs, and tells what it is called', async () => {
    const { value, resources } = await runProgram(async () => {
      const groups = [{ group: { ...group, groupName: later('shop') } }];
      const title = later('The "machines"');
      const dashboard = new MeshVmDashboard('dashboard', { groups, namespace: later('monitoring'), title });
      return [await settled(dashboard.configMapName), await settled(dashboard.namespace)];
    });
    expect(value).toStrictEqual(['meshvm-dashboard', 'monitoring']);
    const { data } = named(resources, 'dashboard-Resource').inputs as { data: Record<string, string> };
    const shown = JSON.parse(data['meshvm-dashboard.json']) as { title: string; panels: { title: string }[] };
    expect([shown.title, shown.panels[0].title]).toStrictEqual(['The "machines"', 'payments/shop']);
  });

  test('refuses everything that is wrong at once, before it registers anything', async () => {
    const args = { groups: [], namespace: '', name: 'A', title: '' };
    const shown = ['groups [monitoring/no-groups]', 'title [property/required]'];
    expect(await refusal(() => new MeshVmDashboard('dashboard', args))).toStrictEqual([
      ...shown,
      'name [name/dns-subdomain]',
      'namespace [property/required]',
    ]);
    expect(await refusal(() => MeshVmDashboard.json(args))).toStrictEqual(shown);
  });

  test('refuses what becomes known to be wrong', async () => {
    const args = { groups: [{ group }], namespace: later('A') };
    const errors = await failureOf(() => new MeshVmDashboard('dashboard', args));
    expect(errors.map(({ message }) => message)).toContainEqual(expect.stringContaining('[name/dns-label]'));
  });
});
