import { type BootstrapProps, SidecarPackage } from 'meshvm';
import { type HostFirewall, SshAccess } from '../../lib/join/host-firewall';
import { type NetworkHost, runCommand, waitUntil } from './harness';
import type { Computer } from './machines/computer';
import { isCaptured } from './machines/iptables';
import type { MeshPod } from './machines/pod';
import { type ServiceAddress, World } from './machines/world';

const TABLE = 'nft list table inet meshvm';

let world: World;
let machine: Computer;
let pod: MeshPod;
let service: ServiceAddress;
let operator: NetworkHost;
let monitor: NetworkHost;

beforeAll(async () => {
  world = await World.start();
  const { lan } = world.controlPlane;
  operator = await lan.addHost('operator');
  monitor = await lan.addHost('monitor');
  await world.apply({ bootstrap: bootstrap(firewall()) });
  await world.requireMutualTls();
  pod = await world.startPod();
  machine = await world.machine('vm-1');
  await machine.boot();
  await machine.process.waitUntil('it is healthy', () => world.healthySince(machine));
  service = await world.service('payment-service', 'payments');
  await machine.run(`setsid python3 -c '${LISTEN}' 22 9100 >/dev/null 2>&1 &
    for port in 22 9100; do until ss -Hltn "sport = :$port" | grep -q .; do sleep 0.1; done; done`);
});

afterAll(async () => {
  await world?.stop();
});

test('a new machine has it before its sidecar runs', async () => {
  const output = machine.process.logTail(Number.MAX_SAFE_INTEGER);
  expect(output).toContain('host firewall: in place');
  expect(output.indexOf('host firewall: in place')).toBeLessThan(output.indexOf('cluster.env: written'));
  expect(await machine.output('meshvm status || true')).toMatch(/^hostFirewall +in place$/m);
  expect(await machine.output('meshvm doctor || true')).toMatch(/^ok {3}host firewall +in place$/m);
});

describe('while the sidecar runs', () => {
  test('a Pod reaches the application with mutual TLS', async () => {
    await waitUntil('the Pod gets an answer', async () => (await podCalls()) === 200);
  });

  test('plain text does not, neither to its port nor to that of the capture', async () => {
    expect(await world.plainText(machine.address, 8080)).toBe(0);
    expect(await dial(monitor, 15006)).toBe('dropped');
  });

  test('metrics and health are for their readers alone', async () => {
    const metrics = monitor.command('curl', ['-sS', '-m', '5', `http://${machine.address}:15020/stats/prometheus`]);
    expect((await runCommand(metrics.command, metrics.args)).stdout).toContain('istio_agent_');
    for (const port of [15020, 15021, 15090]) {
      expect([port, await dial(monitor, port), await dial(operator, port)]).toEqual([port, 'open', 'dropped']);
    }
  });

  test('SSH is for operators alone', async () => {
    expect([await dial(operator, 22), await dial(monitor, 22)]).toEqual(['open', 'dropped']);
  });

  test('what nobody has opened is closed to everybody', async () => {
    expect([await dial(operator, 9100), await dial(monitor, 9100)]).toEqual(['dropped', 'dropped']);
    expect((await machine.run('curl -sS -m 5 http://127.0.0.1:9100/', true)).stderr).toMatch(/Empty reply|reset/);
  });

  test('a change of the group reaches it, and the sidecar goes on', async () => {
    const before = await machine.output('cat /run/istio.pid');
    await world.apply({ bootstrap: bootstrap(firewall([operator, monitor])) });
    await waitUntil('SSH is open to the monitor', async () => (await dial(monitor, 22)) === 'open');
    await world.apply({ bootstrap: bootstrap(firewall()) });
    await waitUntil('SSH is closed to the monitor', async () => (await dial(monitor, 22)) === 'dropped');
    expect(await machine.output('cat /run/istio.pid')).toBe(before);
    expect([await podCalls(), await world.healthySince(machine)]).toEqual([200, expect.any(String)]);
  });
});

test('a sidecar that is killed lets no plain text in until it is back', async () => {
  const before = await world.healthySince(machine);
  const seen = new Set<number>();
  let captured = true;
  await machine.run('kill -9 $(cat /run/istio.pid)');
  await machine.process.waitUntil('it is healthy again', async () => {
    seen.add(await world.plainText(machine.address, 8080));
    captured &&= await isCaptured(machine);
    const since = await world.healthySince(machine);
    return since !== undefined && since !== before;
  });
  expect([...seen]).toEqual([0]);
  // Without this the capture alone would have refused.
  expect(captured).toBe(false);
});

describe('while the sidecar is stopped', () => {
  beforeAll(async () => {
    await machine.run('meshvm drain --seconds 0 && kill "$(cat /run/istio.pid)"');
    await waitUntil('its capture is gone', async () => !(await isCaptured(machine)));
  });

  afterAll(async () => {
    await machine.run('meshvm join');
    await machine.process.waitUntil('it is healthy', () => world.healthySince(machine));
  });

  test('the application runs, and plain text is refused all the same', async () => {
    expect(await machine.output('curl -sS -o /dev/null -w "%{http_code}" http://127.0.0.1:8080/')).toBe('200');
    expect([await dial(monitor, 8080), await dial(operator, 8080)]).toEqual(['refused', 'refused']);
    expect(await world.plainText(machine.address, 8080)).toBe(0);
  });

  test('operators still get in', async () => {
    expect([await dial(operator, 22), await dial(monitor, 22)]).toEqual(['open', 'dropped']);
  });

  test('it is the firewall that refuses', async () => {
    await machine.run('nft delete table inet meshvm');
    expect(await world.plainText(machine.address, 8080)).toBe(200);
  });
});

test('a machine that has joined again has it again', async () => {
  expect((await machine.run(TABLE)).stdout).toContain('ct original proto-dst 8080');
  await waitUntil('the Pod gets an answer', async () => (await podCalls()) === 200);
  expect(await world.plainText(machine.address, 8080)).toBe(0);
});

test('a group that has none any more takes it away', async () => {
  await world.apply({ bootstrap: bootstrap(undefined) });
  await waitUntil('SSH is open to the monitor', async () => (await dial(monitor, 22)) === 'open');
  expect((await machine.run(TABLE, true)).exitCode).not.toBe(0);
  await world.apply({ bootstrap: bootstrap(firewall()) });
  await waitUntil('SSH is closed to the monitor', async () => (await dial(monitor, 22)) === 'dropped');
});

test('release removes it', async () => {
  expect(await machine.output('meshvm release')).toContain('host firewall removed');
  expect((await machine.run(TABLE, true)).exitCode).not.toBe(0);
  expect(await machine.output('ls /etc/meshvm')).toBe('join.json');
  expect([await dial(monitor, 22), await dial(operator, 9100)]).toEqual(['open', 'open']);
});

describe('beside ufw', () => {
  let before: string;

  beforeAll(async () => {
    await machine.run(
      `ufw allow proto tcp from ${operator.address} to any port 9100 comment operators && ufw --force enable`,
    );
    before = await machine.output(UFW);
    expect([await dial(operator, 22), await dial(operator, 9100)]).toEqual(['dropped', 'open']);
    await machine.run('meshvm join');
    await machine.process.waitUntil('it is healthy', () => world.healthySince(machine));
  });

  test('callers of the mesh get in, and everybody else as the group says', async () => {
    expect(await machine.output('meshvm status || true')).toMatch(/^hostFirewall +in place, and ufw$/m);
    await waitUntil('the Pod gets an answer', async () => (await podCalls()) === 200);
    expect(await world.plainText(machine.address, 8080)).toBe(0);
    expect([await dial(operator, 22), await dial(monitor, 22), await dial(monitor, 15006)]).toEqual([
      'open',
      'dropped',
      'dropped',
    ]);
    expect([await dial(monitor, 15090), await dial(operator, 15090)]).toEqual(['open', 'dropped']);
  });

  test('plain text does not get in while the sidecar is stopped', async () => {
    await machine.run('meshvm drain --seconds 0 && kill "$(cat /run/istio.pid)"');
    await waitUntil('its capture is gone', async () => !(await isCaptured(machine)));
    expect(await machine.output('curl -sS -o /dev/null -w "%{http_code}" http://127.0.0.1:8080/')).toBe('200');
    expect(await world.plainText(machine.address, 8080)).toBe(0);
    expect(await dial(operator, 22)).toBe('open');
  });

  test('release leaves the rules of the operator as they were', async () => {
    expect(await machine.output('meshvm release')).toContain('host firewall, its rules in ufw removed');
    expect(await machine.output(UFW)).toBe(before);
    expect([await dial(operator, 22), await dial(operator, 9100)]).toEqual(['dropped', 'open']);
  });
});

/** What ufw keeps on the disk, and what of it the kernel has. */
const UFW =
  'ufw status verbose; cd /etc/ufw && for file in *; do [ -d "$file" ] || { echo "$file"; cat "$file"; }; done';

/** Takes connections and ends them. */
const LISTEN = `
import socket, sys, threading
def serve(port):
    server = socket.create_server(("0.0.0.0", port))
    while True:
        server.accept()[0].close()
for port in sys.argv[1:]:
    threading.Thread(target=serve, args=(int(port),)).start()
`;

function firewall(operators: readonly NetworkHost[] = [operator]): HostFirewall {
  return {
    ssh: SshAccess.from(operators.map(({ address }) => `${address}/32`)),
    monitoringCidrs: [`${monitor.address}/32`],
  };
}

function bootstrap(hostFirewall: HostFirewall | undefined): BootstrapProps {
  return {
    sidecarPackage: SidecarPackage.preinstalled(),
    restartJitterSeconds: 0,
    minimumRestartIntervalSeconds: 0,
    hostFirewall,
  };
}

/** What a connection to a port of the machine meets. */
async function dial(from: NetworkHost, port: number): Promise<'open' | 'refused' | 'dropped'> {
  const script = `exec 3<>/dev/tcp/${machine.address}/${port}`;
  const { command, args } = from.command('timeout', ['3', 'bash', '-c', script]);
  const { exitCode } = await runCommand(command, args, { allowFailure: true });
  if (exitCode === 0) return 'open';
  return exitCode === 124 ? 'dropped' : 'refused';
}

async function podCalls(): Promise<number> {
  const url = `http://${service.clusterIP}:${service.ports[0].port}/`;
  const call = `curl -sS -o /dev/null -w '%{http_code}' -m 5 -H 'Host: payment-service.payments' ${url}`;
  return Number((await pod.computer.run(call, true)).stdout);
}
