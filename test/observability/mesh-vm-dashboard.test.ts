import { type Chart, Testing } from 'cdk8s';
import { GroupNamespace, MeshVmDashboard, MeshVmGroup } from 'meshvm';
import { aChart, groupProps, problemsOf } from '../fixtures';

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

function groupIn(chart: Chart, name = 'pay'): MeshVmGroup {
  return new MeshVmGroup(chart, name, groupProps());
}

function panelsOf(dashboard: Readonly<Record<string, unknown>>): readonly Panel[] {
  return dashboard.panels as readonly Panel[];
}

describe('MeshVmDashboard', () => {
  test("is a ConfigMap that Grafana's sidecar finds", () => {
    const chart = aChart();
    const groups = [{ group: groupIn(chart) }];
    const made = new MeshVmDashboard(chart, 'dashboard', { groups });
    const { data, ...rest } = Testing.synth(chart).at(-1);
    expect(rest).toStrictEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'meshvm-dashboard', namespace: 'payments', labels: { grafana_dashboard: '1' } },
    });
    expect(Object.keys(data)).toStrictEqual(['meshvm-dashboard.json']);
    expect(JSON.parse(data['meshvm-dashboard.json'])).toStrictEqual(MeshVmDashboard.json({ groups }));
    expect([made.configMapName, made.namespace]).toStrictEqual(['meshvm-dashboard', 'payments']);
  });

  test('has a row for each group and one for the control plane', () => {
    const chart = aChart();
    const namespace = GroupNamespace.existing('payments');
    const b = new MeshVmGroup(chart, 'b', groupProps({ namespace }));
    const groups = [{ group: groupIn(chart, 'a') }, { group: b }];
    const rows = panelsOf(MeshVmDashboard.json({ groups })).filter(({ type }) => type === 'row');
    expect(rows.map(({ title }) => title)).toStrictEqual(['payments/a', 'payments/b', 'Control plane']);
  });

  test('has panels that do not overlap, inside the grid of 24 columns, with an id each', () => {
    const panels = panelsOf(MeshVmDashboard.json({ groups: [{ group: groupIn(aChart()) }] }));
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => [x + (index % w), y + Math.floor(index / w)]),
    );
    expect(new Set(cells.map(String)).size).toBe(cells.length);
    expect(cells.every(([x]) => x < 24)).toBe(true);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  test('shows the minimum beside what is there', () => {
    const json = JSON.stringify(MeshVmDashboard.json({ groups: [{ group: groupIn(aChart()), minimumMachines: 4 }] }));
    expect(json).toContain('"expr":"vector(4)","legendFormat":"minimum"');
  });

  test('refuses no group, and an empty title', () => {
    expect(problemsOf(() => MeshVmDashboard.json({ groups: [], title: '' }))).toStrictEqual([
      'groups [monitoring/no-groups]',
      'title [property/required]',
    ]);
  });
});
