import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MeshVmAlerts, MeshVmGroup } from 'meshvm';
import type { RuleGroup } from '../../lib/observability/manifests/alert-rules';
import { aChart, groupProps } from '../fixtures';
import { programsOf, runProgram, typeErrorsOf, withPrograms } from './programs';

const PAGE = 'docs/observability.md';

/** Objects about observability that each program on the page makes, in order. */
const MADE: readonly (readonly string[])[] = [
  ['Telemetry payments/payment-service'],
  [
    'ConfigMap monitoring/meshvm-dashboard',
    'PrometheusRule monitoring/meshvm',
    'ScrapeConfig monitoring/payment-service-machines',
  ],
  ['WorkloadGroup payments/payment-service'],
];

test('the programs on the page compile, run, and make what the page says', () => {
  withPrograms(programsOf(PAGE), (folders) => {
    expect(typeErrorsOf(folders)).toStrictEqual([]);
    const runs = folders.map(runProgram);
    expect(runs.map(({ status, stderr }) => [status, stderr.includes('Error')])).toStrictEqual(
      MADE.map(() => [0, false]),
    );
    expect(runs.map(({ objects }, index) => MADE[index].filter((made) => objects.includes(made)))).toStrictEqual(MADE);
  });
}, 120_000);

test('the page has a section for each alert, under the name that links point to', () => {
  const group = new MeshVmGroup(aChart(), 'payment-service', groupProps());
  const { groups } = MeshVmAlerts.ruleFile({ groups: [{ group, minimumMachines: 2 }] }) as {
    readonly groups: readonly RuleGroup[];
  };
  const sections = [...readFileSync(join(__dirname, '../..', PAGE), 'utf8').matchAll(/^### (MeshVm\w+)$/gm)].map(
    ([, name]) => name,
  );
  expect(sections).toStrictEqual(groups.flatMap(({ rules }) => rules.map(({ alert }) => alert)));
});
