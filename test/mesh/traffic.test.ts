import { createServer, type Server } from 'node:http';
import type { Chart } from 'cdk8s';
import {
  CanaryRelease,
  type CanaryReleaseProps,
  EgressDestination,
  EgressScope,
  GroupNamespace,
  MeshVmGroup,
  Migration,
  MigrationDirection,
  MigrationStep,
  OutboundTraffic,
  RequestMatch,
  TrafficPolicy,
  TrafficTarget,
} from 'meshvm';
import { groupProps } from './bootstrap-access-fixtures';
import { eventually, waitUntil } from './harness';
import type { Computer } from './machines/computer';
import { GroupPolicies } from './machines/group-policies';
import { MESH, type ServiceAddress, World } from './machines/world';

/** Where the group's machines listen. */
const PORT = 8080;

let world: World;
/** The first version: a machine of the group. */
let machine: Computer;
/** The second version: a machine without a sidecar. */
let second: Server;
/** What the second version does with a request. */
let behaviour: (path: string) => { readonly status?: number; readonly afterMilliseconds?: number };
/** Requests that the second version has seen. */
let requests = 0;
/** Who calls. */
let pod: Computer;
let service: ServiceAddress;
let policies: GroupPolicies;

beforeAll(async () => {
  world = await World.start();
  policies = new GroupPolicies(world);
  machine = await world.machine('vm-1');
  await machine.boot();
  pod = (await world.startPod()).computer;
  second = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    requests += 1;
    const { status = 200, afterMilliseconds = 0 } = behaviour(request.url ?? '');
    setTimeout(() => response.writeHead(status).end('second'), afterMilliseconds);
  });
  await new Promise<void>((resolve) => second.listen(PORT, world.controlPlane.lan.hostAddress, resolve));
  await machine.process.waitUntil('it is healthy', () => world.healthySince(machine), { timeoutSeconds: 90 });
  service = await world.service('payment-service', 'payments');
});

afterAll(async () => {
  second?.closeAllConnections();
  second?.close();
  await world?.stop();
});

beforeEach(() => {
  behaviour = () => ({});
});

describe('versions of a group', () => {
  /** Applies a release of the two versions. */
  const release = (percent: number, props: (second: MeshVmGroup) => Partial<CanaryReleaseProps> = () => ({})) =>
    policies.apply((first, chart) => {
      const canary = secondVersion(chart);
      const versions = [
        { group: first, percent: 100 - percent },
        { group: canary, percent },
      ];
      new CanaryRelease(chart, 'release', { versions, ...props(canary) });
    });

  test('get their shares', async () => {
    await release(0);
    await eventually({ first: 20 }, () => tally(20));
    await release(100);
    await eventually({ second: 20 }, () => tally(20));
    await release(50);
    await eventually(['first', 'second'], async () => Object.keys(await tally(20)).sort());
    const { first, second: other } = await tally(200);
    expect(first + other).toBe(200);
    // Five standard deviations of a fair coin.
    expect(Math.abs(first - other)).toBeLessThan(71);
  });

  test('get requests with a header or a cookie, whatever their share', async () => {
    await release(0, (canary) => ({
      routes: [
        { match: RequestMatch.header('x-canary', 'true'), group: canary },
        { match: RequestMatch.headerPrefix('user-agent', 'probe/'), group: canary },
        { match: RequestMatch.cookie('release', 'a.(b'), group: canary },
      ],
    }));
    await eventually({ second: 3 }, () => tally(3, "-H 'x-canary: true'"));
    await eventually({ second: 3 }, () => tally(3, "-A 'probe/1.0'"));
    for (const cookie of ['release=a.(b', 'x=1; release=a.(b; y=2']) {
      expect([cookie, await tally(3, `-H 'Cookie: ${cookie}'`)]).toEqual([cookie, { second: 3 }]);
    }
    for (const other of ['x-canary: false', 'Cookie: release=aX(b', 'Cookie: prerelease=a.(b', 'x-other: 1']) {
      expect([other, await tally(3, `-H '${other}'`)]).toEqual([other, { first: 3 }]);
    }
  });

  test('are asked again after 503, unless retries are off', async () => {
    let calls = 0;
    behaviour = () => {
      calls += 1;
      return { status: calls % 2 === 1 ? 503 : 200 };
    };
    await release(100, () => ({ retries: { attempts: 2 } }));
    await eventually(['200', '200', '200'], () => statuses(3));
    await release(100, () => ({ retries: { attempts: 0 } }));
    await eventually(['200', '503'], async () => (await statuses(2)).sort());
  });

  test('are given up after the timeout', async () => {
    behaviour = (path) => ({ afterMilliseconds: path === '/slow' ? 1500 : 0 });
    await release(100, () => ({ timeoutSeconds: 0.5, retries: { attempts: 0 } }));
    await eventually(['504'], () => statuses(1, '/slow'));
    await eventually(['200'], () => statuses(1));
  });
});

describe('a migration', () => {
  const migrate = (step: MigrationStep, direction = MigrationDirection.TO_PODS) =>
    policies.apply((group, chart) => {
      secondVersion(chart);
      new Migration(chart, 'move', { group, pods: { version: 'v2' }, direction, step });
    });

  test('goes there and back', async () => {
    await migrate(MigrationStep.start());
    await eventually({ first: 20 }, () => tally(20));
    await migrate(MigrationStep.share(50));
    await eventually(['first', 'second'], async () => Object.keys(await tally(20)).sort());
    await migrate(MigrationStep.done());
    await eventually({ second: 20 }, () => tally(20));
    await migrate(MigrationStep.share(0));
    await eventually({ first: 20 }, () => tally(20));
    await migrate(MigrationStep.start(), MigrationDirection.TO_MACHINES);
    await eventually({ second: 20 }, () => tally(20));
  });

  test('mirrors first', async () => {
    await migrate(MigrationStep.start());
    await eventually({ first: 20 }, () => tally(20));
    const before = requests;
    await migrate(MigrationStep.mirror());
    await waitUntil('the second side sees copies', async () => {
      expect(await tally(5)).toEqual({ first: 5 });
      return requests > before;
    });
  });
});

test('a policy puts a machine out that answers with errors', async () => {
  behaviour = () => ({ status: 500 });
  await policies.apply((_group, chart) => void secondVersion(chart));
  await eventually(['200', '500'], async () => [...new Set(await statuses(20))].sort());
  await policies.apply((group, chart) => {
    secondVersion(chart);
    new TrafficPolicy(chart, 'traffic', {
      target: TrafficTarget.group(group),
      outlierDetection: { consecutive5xxErrors: 2, baseEjectionTimeSeconds: 300, maxEjectionPercent: 50 },
    });
  });
  await eventually(['200'], async () => [...new Set(await statuses(30))]);
});

test('a scope hides what the machine has not declared, and leaves its health and own Service alone', async () => {
  const ledger = await world.service('ledger', 'ledger');
  /** Calls a port of the other Service; 000 when the connection is closed. */
  const call = async (port = ledger.ports[0].port) => {
    const url = `http://${ledger.clusterIP}:${port}/`;
    const { stdout } = await machine.run(`${STATUS} -H 'Host: ledger.ledger' ${url}`, true);
    return stdout.trim();
  };
  const before = await world.healthySince(machine);
  await policies.apply(() => {});
  await eventually('200', () => call());
  const scope = (...destinations: EgressDestination[]) =>
    policies.apply((group, chart) => {
      new EgressScope(chart, 'egress', { group, destinations, outbound: OutboundTraffic.REGISTRY_ONLY });
    });
  await scope();
  await eventually('000', () => call());
  // A port that a declared host has: the sidecar looks into the request.
  await eventually('502', () => call(PORT));
  const clusters = await machine.output('curl -s 127.0.0.1:15000/clusters');
  expect(clusters).toMatch(/^outbound\|8080\|\|payment-service\.payments\.svc\.cluster\.local::/m);
  expect(clusters).not.toMatch(/^outbound\|80\|\|ledger\.ledger/m);
  await scope(EgressDestination.service('ledger', 'ledger'));
  await eventually('200', () => call());
  expect([before, await world.healthySince(machine)]).toEqual([expect.any(String), before]);
});

test('the sidecars have taken every configuration', async () => {
  for (const computer of [pod, machine]) {
    const statistics = await computer.output("curl -s '127.0.0.1:15000/stats?filter=update_rejected'");
    expect(statistics).toMatch(/^cluster_manager\.cds\.update_rejected: 0$/m);
    expect(statistics).not.toMatch(/update_rejected: [1-9]/);
  }
});

const STATUS = "curl -s -m 5 -o /dev/null -w '%{http_code}\\n'";

/** Declares the second version: one machine without a sidecar, behind the Service of the first. */
function secondVersion(chart: Chart): MeshVmGroup {
  const { lan } = world.controlPlane;
  const group = new MeshVmGroup(chart, 'payment-service-v2', {
    ...groupProps(MESH, undefined, lan.cidr),
    identity: undefined,
    namespace: GroupNamespace.existing(),
    canonicalService: 'payment-service',
    version: 'v2',
    services: [],
  });
  group.addMachine('old', { address: lan.hostAddress, sidecar: false });
  return group;
}

/** How many of some calls to the Service each version has answered. */
async function tally(count: number, options = ''): Promise<Readonly<Record<string, number>>> {
  const answers = await calls(count, `curl -s -m 5 ${options}`, '/');
  const counts: Record<string, number> = {};
  for (const answer of answers) {
    const who = answer === 'second' ? 'second' : answer.startsWith('{') ? 'first' : answer;
    counts[who] = (counts[who] ?? 0) + 1;
  }
  return counts;
}

/** Statuses of some calls to the Service. */
function statuses(count: number, path = '/'): Promise<string[]> {
  return calls(count, STATUS, path);
}

async function calls(count: number, command: string, path: string): Promise<string[]> {
  const url = `http://${service.clusterIP}:${service.ports[0].port}${path}`;
  const one = `${command} -H 'Host: payment-service.payments' ${url}; echo`;
  const output = await pod.output(`for i in $(seq ${count}); do ${one}; done`);
  return output.split('\n').filter((line) => line !== '');
}
