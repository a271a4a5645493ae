import { connect } from 'node:http2';
import { App, Chart } from 'cdk8s';
import {
  MachineDiscovery,
  MachineMetrics,
  MachineScrapeConfig,
  MeshVmAlerts,
  MeshVmDashboard,
  MeshVmGroup,
  type MeshVmGroupProps,
} from 'meshvm';
import type { RuleGroup } from '../../lib/observability/manifests/alert-rules';
import { groupProps } from './bootstrap-access-fixtures';
import { type KubernetesObject, waitUntil } from './harness';
import type { Computer } from './machines/computer';
import { startKubeStateMetrics } from './machines/kube-state-metrics';
import { istiodMetricsAddress, Prometheus } from './machines/prometheus';
import { MESH, World } from './machines/world';

/** The agent merges the metrics of the application, if it is told where they are. */
const MERGE = { scrape: 'true', path: '/metrics', port: '9102' };
const ANNOTATIONS: MeshVmGroupProps['annotations'] = {
  'proxy.istio.io/config': JSON.stringify({
    proxyMetadata: { ISTIO_PROMETHEUS_ANNOTATIONS: JSON.stringify(MERGE) },
  }),
};
const APPLICATION = `require('node:http')
  .createServer((_, response) => response.setHeader('content-type', 'text/plain').end('payments_total 7\\n'))
  .listen(9102, '127.0.0.1')`;

let world: World;
let machine: Computer;
let prometheus: Prometheus;
let rules: readonly RuleGroup[];
let panels: Readonly<Record<string, string>>;

beforeAll(async () => {
  world = await World.start();
  await world.apply({ annotations: ANNOTATIONS });
  await world.requireMutualTls();
  machine = await world.machine('vm-1');
  await machine.boot();
  await machine.run(`"$NODE" -e "${APPLICATION.replaceAll('\n', ' ')}" >/run/application-metrics.log 2>&1 &`);
  await machine.process.waitUntil('it is healthy', () => world.healthySince(machine), { timeoutSeconds: 90 });

  const { controlPlane } = world;
  const chart = new Chart(new App(), 'payments', { namespace: 'payments' });
  const props = { ...groupProps(MESH, undefined, controlPlane.lan.cidr), identity: undefined };
  const group = new MeshVmGroup(chart, 'payment-service', props);
  // Another group in name alone: the same machine must not count twice.
  const again = new MeshVmGroup(new Chart(new App(), 'again', { namespace: 'again' }), 'payment-service', props);
  const discovery = MachineDiscovery.addresses([machine.address]);
  const file = MeshVmAlerts.ruleFile({ groups: [{ group }] });
  rules = (file as { readonly groups: readonly RuleGroup[] }).groups;
  panels = expressionsOf(MeshVmDashboard.json({ groups: [{ group }] }));
  const target = (address: string) => ({ static_configs: [{ targets: [address] }] });
  const jobs = [
    MachineScrapeConfig.prometheusJob({ group, discovery, intervalSeconds: 1, timeoutSeconds: 1 }),
    MachineScrapeConfig.prometheusJob({ group: again, discovery, metrics: MachineMetrics.ENVOY }),
    { job_name: 'istiod', ...target(istiodMetricsAddress(controlPlane)) },
    { job_name: 'kube-state-metrics', honor_labels: true, ...target(await startKubeStateMetrics(controlPlane)) },
  ];
  prometheus = await Prometheus.start(controlPlane, jobs, file);
}, 600_000);

afterAll(async () => {
  await world?.stop();
});

test.each([
  ['payments', 15020],
  ['again', 15090],
])('Prometheus scrapes a machine that takes mutual TLS alone: namespace %s, port %i', async (namespace, port) => {
  const [up] = await prometheus.until('it answers', `up{namespace="${namespace}"} == 1`);
  expect(up.metric).toStrictEqual({
    job: `meshvm/${namespace}/payment-service`,
    instance: `${machine.address}:${port}`,
    namespace,
    workload: 'payment-service',
    app: 'payment-service',
    version: 'latest',
    service_istio_io_canonical_name: 'payment-service',
    service_istio_io_canonical_revision: 'latest',
    __name__: 'up',
  });
});

test.each(['istio_agent_cert_expiry_seconds', 'envoy_server_live', 'payments_total'])(
  'metrics of agent, Envoy and application come together: %s',
  async (metric) => {
    await prometheus.until(
      'it is there',
      `${metric}{job="meshvm/payments/payment-service",workload="payment-service"}`,
    );
  },
);

test('kube-state-metrics tells which machines are registered and healthy', async () => {
  const [entry] = await prometheus.until('there is an entry', 'meshvm_workload_entry_info');
  expect(entry.metric).toMatchObject({
    namespace: 'payments',
    workload: 'payment-service',
    workload_entry: `payment-service-${machine.address}-vpc-prod`,
    address: machine.address,
    app: 'payment-service',
    version: 'latest',
    health_checks: 'true',
  });
  await prometheus.until('it is healthy', 'meshvm_workload_entry_condition{condition="Healthy"} == 1');
  const connected = await prometheus.query('time() - meshvm_workload_entry_connected_timestamp_seconds');
  expect(connected.map(({ value }) => value > 0 && value < 600)).toStrictEqual([true]);
});

test('all rules can be evaluated, and no alert fires or waits while the machine is well', async () => {
  const names = rules.flatMap((group) => group.rules.map(({ alert }) => alert)).sort();
  const seen = await waitUntil('no alert waits', async () => {
    const running = await prometheus.rules();
    return running.every(({ state }) => state === 'inactive') ? running : undefined;
  });
  expect(seen.map(({ name }) => name).sort()).toStrictEqual(names);
  expect(seen.filter(({ health, lastError }) => health !== 'ok' || lastError)).toStrictEqual([]);
});

test('all expressions of the dashboard can be evaluated, and have data where something has happened', async () => {
  await prometheus.until('two scrapes', 'count_over_time(istiod_uptime_seconds[1m]) > 1');
  const values: Record<string, number | undefined> = {};
  for (const [panel, expression] of Object.entries(panels)) {
    values[panel] = (await prometheus.query(expression))[0]?.value;
  }
  const empty = Object.keys(values).filter((panel) => values[panel] === undefined);
  // The tests' Envoy lacks Istio's own filter for istio_requests_total; the counters are not there before something happens.
  expect(empty).toStrictEqual([
    'Requests by answer: {{response_code}}',
    'Errors: errors',
    'Latency: p50',
    'Latency: p95',
    'Latency: p99',
    'Failed connections to istiod, in 10 minutes: {{instance}}',
    'Registrations, in 10 minutes: connected again',
    'Registrations, in 10 minutes: removed',
    'Registrations, in 10 minutes: errors',
  ]);
  expect(values).toMatchObject({
    'Machines: minimum': 1,
    'Machines: found': 1,
    'Machines: registered': 1,
    'Machines: in service': 1,
  });
});

describe('what goes wrong shows', () => {
  test('an unhealthy machine', async () => {
    const application = await machine.output("pgrep -f '[n]ode /usr/local/bin/application'");
    await machine.run(`kill -STOP ${application}`);
    await alerting('MeshVmTooFewInService', 0);
    await machine.run(`kill -CONT ${application}`);
    await prometheus.until('it is healthy', 'meshvm_workload_entry_condition{condition="Healthy"} == 1');
  });

  test('a machine without a valid token', async () => {
    await askForCertificate('stale');
    await alerting('MeshVmCertificateRequestsRefused', 1);
  });

  test('a group that istiod does not know', async () => {
    const { client } = world.controlPlane;
    const group = { apiVersion: 'networking.istio.io/v1', kind: 'WorkloadGroup' };
    await client.delete({ ...group, metadata: { name: 'payment-service', namespace: 'payments' } } as KubernetesObject);
    const entry = await world.entryOf(machine);
    await client.delete(entry as KubernetesObject);
    await alerting('MeshVmNoMachineRegistered', 1);
    await machine.run('kill "$(cat /run/istio.pid)"');
    await alerting('MeshVmRegistrationsFailing');
    await alerting('MeshVmConnectionErrors');
    await alerting('MeshVmGatewayUnreachable', 1);
  });

  test('a machine that does not answer', async () => {
    await machine.switchOff();
    await alerting('MeshVmNotScraped', 0);
  });
});

/** Waits until the expression of an alert holds. Its `for` is what promtool's tests are about. */
async function alerting(name: string, value?: number): Promise<void> {
  const rule = rules.flatMap((group) => group.rules).find(({ alert }) => alert === name);
  const [sample] = await prometheus.until(name, rule?.expr ?? name);
  if (value !== undefined) expect(sample.value).toBe(value);
}

/** Asks istiod for a certificate as a machine does: the first call of one whose token has expired. */
function askForCertificate(token: string): Promise<void> {
  const { address, port, host } = world.controlPlane.istiod;
  return new Promise((resolve, reject) => {
    const session = connect(`https://${address}:${port}`, { rejectUnauthorized: false, servername: host });
    session.once('error', reject);
    const call = session.request({
      ':method': 'POST',
      ':path': '/istio.v1.auth.IstioCertificateService/CreateCertificate',
      'content-type': 'application/grpc',
      te: 'trailers',
      authorization: `Bearer ${token}`,
    });
    call.once('error', reject);
    call.resume();
    call.once('close', () => session.close(() => resolve()));
    call.end(Buffer.alloc(5));
  });
}

/** The expressions of a dashboard, by panel and legend. Grafana replaces its own interval. */
function expressionsOf(dashboard: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  interface Panel {
    readonly title: string;
    readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
  }
  const targets = (dashboard.panels as readonly Panel[]).flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat }) => [`${title}: ${legendFormat}`, expr.replaceAll('$__rate_interval', '1m')]),
  );
  return Object.fromEntries(targets);
}
