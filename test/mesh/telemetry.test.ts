import { AccessLogFilter, Caller, Telemetry, type TelemetryAccessLog, WorkloadMode, WorkloadTarget } from 'meshvm';
import { waitUntil } from './harness';
import type { Computer } from './machines/computer';
import { GroupPolicies } from './machines/group-policies';
import { MESH, World } from './machines/world';

let world: World;
let policies: GroupPolicies;
let machine: Computer;
let pod: Computer;
let calls = 0;

beforeAll(async () => {
  world = await World.start();
  policies = new GroupPolicies(world);
  machine = await world.machine('vm-1');
  await machine.boot();
  pod = (await world.startPod()).computer;
  await machine.process.waitUntil('it is healthy', () => world.healthySince(machine), { timeoutSeconds: 90 });
});

afterAll(async () => {
  await world?.stop();
});

test('the sidecar of a machine writes an access log where Telemetry says so, and no other', async () => {
  await waitUntil('it answers', async () => (await call('/quiet')).status === '200');
  await logs([{}]);
  const line = await logged('/loud');
  expect(line).toContain('inbound|8080||');
  expect(await log()).not.toContain('/quiet-');
});

test('a filter leaves out what it does not match', async () => {
  await policies.apply((group, chart) => {
    group.allowFrom(Caller.serviceAccount('ledger', 'ledger'), { paths: ['/open*'] });
    telemetry(chart, WorkloadTarget.group(group), [{ filter: AccessLogFilter.statusAtLeast(400) }]);
  });
  await leftOut('/open', () => logged('/closed'));
  expect(await logged('/closed')).toContain(' 403 ');
});

test('an expression leaves out what it does not match', async () => {
  const filter = AccessLogFilter.expression("!request.url_path.startsWith('/healthz')");
  await logs([{ filter }]);
  await leftOut('/healthz', () => logged('/payments'));
});

test('of one side of the calls alone', async () => {
  await logs([{ mode: WorkloadMode.CLIENT }]);
  await leftOut('/taken', () =>
    waitUntil('a call that it makes is logged', async () => {
      const path = `/made-${++calls}`;
      await machine.run(`curl -s -m 5 http://ledger.ledger.svc.cluster.local${path}`, true);
      return (await log()).includes(path);
    }),
  );
});

function logs(accessLogs: readonly TelemetryAccessLog[]): Promise<void> {
  return policies.apply((group, chart) => telemetry(chart, WorkloadTarget.group(group), accessLogs));
}

function telemetry(
  chart: ConstructorParameters<typeof Telemetry>[0],
  target: WorkloadTarget,
  accessLogs: readonly TelemetryAccessLog[],
): Telemetry {
  return new Telemetry(chart, 'telemetry', { mesh: MESH, target, accessLogs });
}

/** What the sidecar has written to its standard output; machines with systemd have it in the journal. */
function log(): Promise<string> {
  return machine.output('cat /var/log/istio/istio.log');
}

/** Calls until a call is logged, and returns its line. */
function logged(path: string): Promise<string> {
  return waitUntil(`${path} is logged`, async () => {
    const { called } = await call(path);
    return (await log()).split('\n').find((line) => line.includes(called));
  });
}

/** Waits until calls are answered that leave no line in the log, where what comes after them does. */
function leftOut(path: string, after: () => Promise<unknown>): Promise<boolean> {
  const isLeftOut = async () => {
    const { called, status } = await call(path);
    await after();
    return status === '200' && !(await log()).includes(called);
  };
  // Connections that the pod's sidecar keeps open are served by the old configuration until they are drained.
  return waitUntil(`${path} is left out`, isLeftOut, { timeoutSeconds: 120 });
}

/** Calls the group's Service from the pod, by a path that no other call has. */
async function call(path: string): Promise<{ readonly called: string; readonly status: string }> {
  const called = `${path}-${++calls}`;
  const { clusterIP, ports } = await world.service('payment-service', 'payments');
  const url = `http://${clusterIP}:${ports[0].port}${called}`;
  const host = '-H "Host: payment-service.payments"';
  const { stdout } = await pod.run(`curl -s -m 5 -o /dev/null -w '%{http_code}' ${host} ${url}`, true);
  return { called, status: stdout.trim() };
}
