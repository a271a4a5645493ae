import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MeshVmAlerts, MeshVmGroup } from 'meshvm';
import { stringify } from 'yaml';
import type { AlertRule, RuleGroup } from '../../lib/observability/manifests/alert-rules';
import { aChart, groupProps } from '../fixtures';
import { runCommand } from './harness';

const GROUP = 'namespace="payments",workload="payment-service"';
const OF_GROUP = { namespace: 'payments', workload: 'payment-service' };
const A = `meshvm_workload_entry_info{${GROUP},workload_entry="a",health_checks="true"}`;
const B = `meshvm_workload_entry_info{${GROUP},workload_entry="b",health_checks="true"}`;
const HEALTH_OF_A = `meshvm_workload_entry_condition{${GROUP},workload_entry="a",condition="Healthy"}`;
const HEALTH_OF_B = `meshvm_workload_entry_condition{${GROUP},workload_entry="b",condition="Healthy"}`;
const UP_A = `up{${GROUP},instance="a"}`;
const UP_B = `up{${GROUP},instance="b"}`;
const AGENT_A = `istio_agent_scrapes_total{${GROUP},instance="a"}`;
const AGENT_B = `istio_agent_scrapes_total{${GROUP},instance="b"}`;
const CERTIFICATE = `istio_agent_cert_expiry_seconds{${GROUP},instance="a",resource_name="default"}`;
const ERRORS_OF_A = `istio_agent_istiod_connection_terminations{${GROUP},instance="a",type="error"}`;
const ERRORS_OF_B = `istio_agent_istiod_connection_terminations{${GROUP},instance="b",type="error"}`;
const REGISTRATION_ERRORS = 'auto_registration_errors_total{instance="istiod"}';
const REFUSALS = 'citadel_server_authentication_failure_count{instance="istiod"}';
const OLD_PROXIES = 'pilot_xds{version="1.30.3"}';
const NEW_PROXIES = 'pilot_xds{version="1.31.1"}';
const ISTIOD = 'istio_build{component="pilot",tag="1.31.1"}';
const ROOT = 'citadel_server_root_cert_expiry_timestamp{instance="istiod"}';
const HEALTHY = { [A]: '1x60', [B]: '1x60', [HEALTH_OF_A]: '1x60', [HEALTH_OF_B]: '1x60' };

/** What Prometheus sees every minute, in promtool's notation, and what an alert makes of it. */
interface Case {
  readonly alert: string;
  readonly when: string;
  readonly series: Readonly<Record<string, string>>;
  readonly at: string;
  /** The labels and the value in the text of the alert that fires; none when it doesn't. */
  readonly fires?: { readonly labels: Readonly<Record<string, string>>; readonly value: string };
}

const CASES: readonly Case[] = [
  {
    alert: 'MeshVmNoMachineRegistered',
    when: 'istiod has no entry of the group',
    series: { [UP_A]: '1x60' },
    at: '6m',
    fires: { labels: OF_GROUP, value: '1' },
  },
  { alert: 'MeshVmNoMachineRegistered', when: 'that has just begun', series: { [UP_A]: '1x60' }, at: '4m' },
  { alert: 'MeshVmNoMachineRegistered', when: 'there is an entry', series: { [A]: '1x60' }, at: '30m' },
  {
    alert: 'MeshVmTooFewRegistered',
    when: 'one of two is missing',
    series: { [A]: '1x60' },
    at: '11m',
    fires: { labels: OF_GROUP, value: '1' },
  },
  { alert: 'MeshVmTooFewRegistered', when: 'both are there', series: HEALTHY, at: '30m' },
  {
    alert: 'MeshVmTooFewInService',
    when: 'one of two is unhealthy',
    series: { ...HEALTHY, [HEALTH_OF_B]: '0x60' },
    at: '6m',
    fires: { labels: OF_GROUP, value: '1' },
  },
  {
    alert: 'MeshVmTooFewInService',
    when: 'none has reported its health yet',
    series: { [A]: '1x60', [B]: '1x60' },
    at: '6m',
    fires: { labels: OF_GROUP, value: '0' },
  },
  { alert: 'MeshVmTooFewInService', when: 'both are healthy', series: HEALTHY, at: '30m' },
  {
    alert: 'MeshVmTooFewInService',
    when: 'they have no probe',
    series: {
      [A.replace(',health_checks="true"', '')]: '1x60',
      [B.replace(',health_checks="true"', '')]: '1x60',
    },
    at: '30m',
  },
  {
    alert: 'MeshVmHealthFlapping',
    when: 'health changes every minute',
    series: { [HEALTH_OF_A]: '0 1 0 1 0 1 0 1' },
    at: '7m',
    fires: { labels: { ...OF_GROUP, workload_entry: 'a', condition: 'Healthy' }, value: '7' },
  },
  { alert: 'MeshVmHealthFlapping', when: 'it has failed once', series: { [HEALTH_OF_A]: '1 1 0 1x20' }, at: '20m' },
  {
    alert: 'MeshVmNotScraped',
    when: 'a machine does not answer',
    series: { [UP_A]: '0x60', [UP_B]: '1x60' },
    at: '11m',
    fires: { labels: { ...OF_GROUP, instance: 'a' }, value: '0' },
  },
  { alert: 'MeshVmNotScraped', when: 'it restarts', series: { [UP_A]: '1 1 0 0 1x20' }, at: '20m' },
  {
    alert: 'MeshVmCertificateExpiring',
    when: 'it was not renewed',
    series: { [CERTIFICATE]: '21600-60x60' },
    at: '12m',
    fires: { labels: { ...OF_GROUP, instance: 'a', resource_name: 'default' }, value: '5h 48m 0s' },
  },
  {
    alert: 'MeshVmCertificateExpiring',
    when: 'it is renewed in time',
    series: { [CERTIFICATE]: '43200x60' },
    at: '30m',
  },
  {
    alert: 'MeshVmConnectionErrors',
    when: 'it fails every minute',
    series: { [ERRORS_OF_A]: '0+1x60' },
    at: '16m',
    fires: { labels: { ...OF_GROUP, instance: 'a', type: 'error' }, value: '10' },
  },
  { alert: 'MeshVmConnectionErrors', when: 'istiod restarts', series: { [ERRORS_OF_A]: '0 0 3x60' }, at: '12m' },
  {
    alert: 'MeshVmGatewayUnreachable',
    when: 'all machines fail',
    series: { [AGENT_A]: '1x60', [AGENT_B]: '1x60', [ERRORS_OF_A]: '0+1x60', [ERRORS_OF_B]: '0+1x60' },
    at: '16m',
    fires: { labels: OF_GROUP, value: '2' },
  },
  {
    alert: 'MeshVmGatewayUnreachable',
    when: 'one of them fails',
    series: { [AGENT_A]: '1x60', [AGENT_B]: '1x60', [ERRORS_OF_A]: '0+1x60', [ERRORS_OF_B]: '0x60' },
    at: '30m',
  },
  {
    alert: 'MeshVmRegistrationsFailing',
    when: 'the first one fails',
    series: { [REGISTRATION_ERRORS]: '_x5 1x60' },
    at: '7m',
    fires: { labels: {}, value: '1' },
  },
  {
    alert: 'MeshVmRegistrationsFailing',
    when: 'another one fails',
    series: { [REGISTRATION_ERRORS]: '1x30 2x30' },
    at: '40m',
    fires: { labels: {}, value: '1' },
  },
  { alert: 'MeshVmRegistrationsFailing', when: 'it is long ago', series: { [REGISTRATION_ERRORS]: '1x60' }, at: '30m' },
  {
    alert: 'MeshVmCertificateRequestsRefused',
    when: 'that goes on',
    series: { [REFUSALS]: '0+1x60' },
    at: '30m',
    fires: { labels: {}, value: '10' },
  },
  { alert: 'MeshVmCertificateRequestsRefused', when: 'none is', series: { [REFUSALS]: '4x60' }, at: '30m' },
  {
    alert: 'MeshVmProxyVersionSkew',
    when: 'proxies have stayed behind for a day',
    series: { [OLD_PROXIES]: '3x1600', [NEW_PROXIES]: '5x1600', [ISTIOD]: '1x1600' },
    at: '25h',
    fires: { labels: { version: '1.30.3' }, value: '3' },
  },
  {
    alert: 'MeshVmProxyVersionSkew',
    when: 'they have followed',
    series: { [OLD_PROXIES]: '3x60 0x1600', [NEW_PROXIES]: '5x1700', [ISTIOD]: '1x1700' },
    at: '25h',
  },
  {
    alert: 'MeshVmRootCertificateExpiring',
    when: 'it ends in less than 30 days',
    series: { [ROOT]: '864000x120' },
    at: '1h1m',
    fires: { labels: { instance: 'istiod' }, value: '9d 22h 59m 0s' },
  },
  { alert: 'MeshVmRootCertificateExpiring', when: 'it does not', series: { [ROOT]: '8640000x120' }, at: '2h' },
];

const file = MeshVmAlerts.ruleFile({
  groups: [{ group: new MeshVmGroup(aChart(), 'payment-service', groupProps()), minimumMachines: 2 }],
}) as { readonly groups: readonly RuleGroup[] };
const rules = file.groups.flatMap((group) => group.rules);
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshvm-alerts-'));
  writeFileSync(join(folder, 'rules.yaml'), stringify(file));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('Prometheus takes the rules', async () => {
  const { exitCode, stdout, stderr } = await promtool('check', 'rules', 'rules.yaml');
  expect([exitCode, stderr, stdout]).toStrictEqual([0, '', expect.stringContaining(`SUCCESS: ${rules.length} rules`)]);
});

test('each alert has a case in which it fires and one in which it does not', () => {
  const alerts = rules.map(({ alert }) => alert).sort();
  const tried = (fires: boolean) =>
    new Set(CASES.filter((it) => Boolean(it.fires) === fires).map(({ alert }) => alert));
  expect([[...tried(true)].sort(), [...tried(false)].sort()]).toStrictEqual([alerts, alerts]);
});

describe.each(CASES)('$alert when $when', ({ alert, series, at, fires }) => {
  test(fires ? 'fires' : 'does not fire', async () => {
    const rule = rules.find((candidate) => candidate.alert === alert) as AlertRule;
    const expected = fires && {
      exp_labels: { ...rule.labels, ...fires.labels },
      exp_annotations: Object.fromEntries(
        Object.entries(rule.annotations).map(([name, text]) => [name, rendered(text, fires)]),
      ),
    };
    const cases = {
      rule_files: ['rules.yaml'],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
          alert_rule_test: [{ eval_time: at, alertname: alert, exp_alerts: expected ? [expected] : [] }],
        },
      ],
    };
    writeFileSync(join(folder, 'test.yaml'), stringify(cases));
    const { exitCode, stdout, stderr } = await promtool('test', 'rules', 'test.yaml');
    expect({ exitCode, stderr, failures: stdout.replace(/Unit Testing: .*\n|\s+SUCCESS\s*/g, '') }).toStrictEqual({
      exitCode: 0,
      stderr: '',
      failures: '',
    });
  });
});

/** What Prometheus makes of an annotation's placeholders. */
function rendered(text: string, { labels, value }: NonNullable<Case['fires']>): string {
  return text
    .replace(/\{\{ \$labels\.(\w+) \}\}/g, (_, name) => labels[name])
    .replace(/\{\{ \$value( \| \w+)? \}\}/g, () => value);
}

function promtool(...args: readonly string[]) {
  return runCommand('promtool', args, { cwd: folder, allowFailure: true });
}
