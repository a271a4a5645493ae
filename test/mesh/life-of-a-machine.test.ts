import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GroupServiceAccount, Probe } from 'meshvm';
import { type JsonObject, type StoredObject, waitUntil } from './harness';
import { CHECK_FILES } from './machines/check-files';
import type { Computer } from './machines/computer';
import type { MeshPod } from './machines/pod';
import { takeDown } from './machines/restart';
import { Times } from './machines/times';
import { type ServiceAddress, World } from './machines/world';

const MACHINE = 'spiffe://cluster.local/ns/payments/sa/payment-service';
const POD_URL = 'http://ledger.ledger.svc.cluster.local/';
const POD = 'spiffe://cluster.local/ns/ledger/sa/ledger';

/** How many machines join at the same time. */
const FLEET = Number(process.env.MESHVM_FLEET ?? 50);

const times = new Times();
let world: World;
let machine: Computer;
let pod: MeshPod;

beforeAll(async () => {
  world = await World.start();
  pod = await world.startPod();
  machine = await world.machine('vm-1');
});

afterAll(async () => {
  process.stdout.write(`\n${times.table}`);
  await world?.stop();
});

test('a new machine joins through the gateway by its user-data alone', async () => {
  await times.of('first boot to Healthy', async () => {
    await machine.boot();
    await healthyAgain(machine, undefined);
  });
  const entry = await world.entryOf(machine);
  expect(entry?.spec).toMatchObject({
    address: machine.address,
    serviceAccount: 'payment-service',
    network: 'vpc-prod',
  });
  const connections = await machine.output('ss -Htn state established dport = :15012');
  expect(connections).toContain(`${world.gateway.address}:15012`);
  expect(connections).not.toContain(world.controlPlane.istiod.address);
});

describe('in the mesh', () => {
  test('the machine resolves the name of a Service', async () => {
    const { clusterIP } = await world.service('ledger', 'ledger');
    await waitUntil('its proxy knows the name', async () => {
      return (await machine.output('getent hosts ledger.ledger.svc.cluster.local')).startsWith(clusterIP);
    });
  });

  test('the machine calls a Pod, with mutual TLS', async () => {
    expect(await machineCallsPod()).toEqual({ caller: MACHINE, called: POD });
  });

  test('a Pod calls the machine, with mutual TLS', async () => {
    expect(await podCallsMachine()).toEqual({ caller: POD, called: MACHINE });
  });

  test('plain text to the machine is refused once the group requires mutual TLS', async () => {
    expect(await world.plainText(machine.address, 8080)).toBe(200);
    await world.requireMutualTls();
    await waitUntil('it is refused', async () => (await world.plainText(machine.address, 8080)) === 0);
    expect(await podCallsMachine()).toEqual({ caller: POD, called: MACHINE });
  });
});

describe('it survives', () => {
  test('a reboot, which takes the token and the lines in /etc/hosts away', async () => {
    const before = await world.healthySince(machine);
    await machine.switchOff();
    await times.of('reboot to Healthy', async () => {
      await machine.boot();
      await healthyAgain(machine, before);
    });
    expect(await machine.output('cat /etc/hosts')).toContain(
      `${world.gateway.address} istiod.istio-system.svc # meshvm`,
    );
    await everybodyTalks();
  });

  test('a sidecar that is killed', async () => {
    const before = await world.healthySince(machine);
    await machine.run('kill -9 $(cat /run/istio.pid)');
    await times.of('sidecar killed to Healthy', () => healthyAgain(machine, before));
    await everybodyTalks();
  });

  test('the API server being down: what works goes on, and what waits for it comes by itself', async () => {
    await everybodyTalks();
    const pid = await machine.output('cat /run/istio.pid');
    const late = await world.machine('late');
    const down = await takeDown(world.controlPlane, `--secure-port=${world.controlPlane.apiServer.port}`);
    const { exitCode, stdout } = await machine.run('meshvm refresh', true);
    expect([exitCode, stdout]).toEqual([4, expect.stringContaining('does not answer')]);
    await late.boot();
    await late.process.waitUntil('it has tried', () =>
      late.process.logTail().includes('meshvm: can not fetch the agent'),
    );
    await everybodyTalks();
    await times.of('API server started to Healthy, of a machine that booted meanwhile', async () => {
      down.start();
      await late.process.waitUntil('it is registered', () => world.entryOf(late));
      // istiod may see the entry too late for the first report of health (5 attempts in 0.2 s): the agent finds that out.
      await healthyAgain(late, undefined);
    });
    const reconnected = late.process.logTail().includes('it connects to istiod again');
    times.note('its health had to be reported again', reconnected ? 'yes' : 'no');
    await waitUntil('a refresh works', async () => (await machine.run('meshvm refresh', true)).exitCode === 0);
    expect(await machine.output('cat /run/istio.pid')).toBe(pid);
    await everybodyTalks();
    await late.switchOff();
  });

  test('a report of its health that istiod has lost: the sidecar connects again, nothing restarts', async () => {
    const before = await world.healthySince(machine);
    const pid = await machine.output('cat /run/istio.pid');
    const entry = await world.entryOf(machine);
    await world.controlPlane.client.patchStatus(entry as StoredObject, { conditions: null });
    await times.of('report of health lost to Healthy again', () => healthyAgain(machine, before));
    expect(await machine.output('cat /run/istio.pid')).toBe(pid);
    await everybodyTalks();
  });

  test('a restart of istiod', async () => {
    const before = await world.healthySince(machine);
    const down = await takeDown(world.controlPlane, `--secureGRPCAddr=${world.controlPlane.istiod.address}:15012`);
    await everybodyTalks();
    await times.of('istiod started to Healthy again', async () => {
      down.start();
      await healthyAgain(machine, before);
    });
    await everybodyTalks();
  });

  test('another address of the gateway', async () => {
    const before = await world.healthySince(machine);
    const { address } = world.gateway;
    await world.gateway.stop();
    await world.startGateway();
    expect(world.gateway.address).not.toBe(address);
    await times.of('gateway at another address to Healthy again', () => healthyAgain(machine, before));
    expect(await machine.output('grep -c istiod /etc/hosts')).toBe('1');
  });

  test('a gateway with a host name, whose address changes', async () => {
    const { client } = world.controlPlane;
    const old = world.gateway;
    const name = 'k8s-gateway.elb.example.com';
    await world.startGateway();
    world.cloud.setNames({ [name]: old.address });
    const service = await client.get('v1', 'Service', 'istio-eastwestgateway', 'istio-system');
    await client.patchStatus(service as StoredObject, { loadBalancer: { ingress: [{ hostname: name }] } });
    const fresh = await world.machine('by-name');
    await fresh.boot();
    const before = await healthyAgain(fresh, undefined);
    await old.stop();
    await times.of("gateway's host name at another address to Healthy again", async () => {
      world.cloud.setNames({ [name]: world.gateway.address });
      await healthyAgain(fresh, before);
    });
    expect(await fresh.output('grep istiod /etc/hosts')).toBe(
      `${world.gateway.address} istiod.istio-system.svc # meshvm`,
    );
    await fresh.switchOff();
  });

  test('a token that has expired, and one that was never ours', async () => {
    const token = '/var/run/secrets/tokens/istio-token';
    const claims = await machine.output(`cut -d. -f2 ${token}`);
    const old = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { readonly exp: number };
    const expired = Buffer.from(JSON.stringify({ ...old, exp: 1_000_000_000 })).toString('base64url');
    for (const body of [`a.${expired}.c`, 'not a token']) {
      await machine.run(`printf %s '${body}' >${token}`);
      await waitUntil(
        'it is replaced',
        async () =>
          (await machine.output(`cut -d. -f2 ${token}`)).length > 100 &&
          !(await machine.output(`cat ${token}`)).includes(body),
      );
    }
    expect(await machine.output(`stat -c '%a %U' ${token}`)).toBe('600 istio-proxy');
  });

  test('being off for longer than its certificate lives', async () => {
    const short = await world.machine('short', { sidecarEnv: 'SECRET_TTL=20s' });
    await short.boot();
    const before = await healthyAgain(short, undefined);
    await short.switchOff();
    const certificate = new X509Certificate(readFileSync(join(short.folder, 'disk/etc/certs/cert-chain.pem')));
    await waitUntil('its certificate has expired', () => Date.parse(certificate.validTo) + 1000 < Date.now());
    await times.of('boot with an expired certificate and no token, to Healthy', async () => {
      await short.boot();
      await healthyAgain(short, before);
    });
    await short.switchOff();
  });
});

test('an agent that is killed at any time leaves nothing half-written', async () => {
  let kills = 0;
  for (let round = 0; round < 40; round++) {
    await world.apply({
      probe: Probe.httpGet('/healthz', { port: 8080, periodSeconds: 1, timeoutSeconds: 1 + (round % 2) }),
    });
    // join looks at everything again: files, root certificate, gateway and token.
    await machine.run(`rm -f /var/run/secrets/tokens/istio-token; sed -i '/meshvm$/d' /etc/hosts`);
    const wait = ((round * 37) % 120) / 1000;
    const { stdout } = await machine.run(
      `rm -f /run/done; (meshvm join >/dev/null; echo $? >/run/done) & sleep ${wait}; pkill -9 -f '[b]in/meshvm join'; sleep 0.02; cat /run/done || true`,
      true,
    );
    if (stdout.trim() !== '0') kills += 1;
    const problem = await machine.output(CHECK_FILES);
    expect([round, problem]).toEqual([round, '']);
  }
  times.note('kills of a join at random times, with nothing half-written', String(kills));
  expect(kills).toBeGreaterThan(5);
  await machine.run('meshvm refresh');
  expect(await machine.output('find /etc /var/lib /run -name "*.meshvm" | wc -l')).toBe('0');
  await waitUntil('no restart is due any more, and its sidecar is ready', async () => {
    return (await machine.run('[ ! -e /var/lib/meshvm/restart ] && meshvm status', true)).exitCode === 0;
  });
  await healthyAgain(machine, undefined);
  await everybodyTalks();
});

describe('it follows', () => {
  test('new ports and labels of the group, and serves on while it stays away from istiod for that', async () => {
    const ports = [
      { name: 'http', port: 8080 },
      { name: 'grpc-admin', port: 9090 },
    ];
    const old = await world.entryOf(machine);
    await world.apply({ ports, labels: { tier: 'gold' } });
    await times.of('ports and labels edited to an entry that has them', async () => {
      await machine.process.waitUntil('it stays away', () => isAway(machine));
      let looks = 0;
      for (; await isAway(machine); looks++) {
        const answer = await ask(machine, POD_URL);
        const seen = [answer && identitiesIn(answer), await world.plainText(machine.address, 8080)];
        // The capture is gone for a moment when the sidecar restarts, as in every restart.
        if (await isAway(machine)) expect(seen).toEqual([{ caller: MACHINE, called: POD }, 0]);
      }
      expect(looks).toBeGreaterThan(5);
      await machine.process.waitUntil(
        'its entry is the new one',
        async () => {
          const spec = (await world.entryOf(machine))?.spec as JsonObject;
          return (
            (await world.healthySince(machine)) !== undefined &&
            (spec.labels as JsonObject).tier === 'gold' &&
            (spec.ports as JsonObject)['grpc-admin'] === 9090
          );
        },
        { timeoutSeconds: 45, details: async () => JSON.stringify(await world.entryOf(machine)) },
      );
    });
    expect((await world.entryOf(machine))?.metadata.uid).not.toBe(old?.metadata.uid);
    expect(await machine.output('iptables -S; iptables-legacy -S')).not.toContain('meshvm-away');
    await everybodyTalks();
  });

  test('another ServiceAccount of the group', async () => {
    await world.apply({ serviceAccount: GroupServiceAccount.create('payments-2') });
    await times.of('ServiceAccount changed to Healthy with the new identity', () =>
      machine.process.waitUntil(
        'its entry is the new one',
        async () => {
          const spec = (await world.entryOf(machine))?.spec as JsonObject;
          return (await world.healthySince(machine)) !== undefined && spec.serviceAccount === 'payments-2';
        },
        { timeoutSeconds: 45, details: async () => JSON.stringify(await world.entryOf(machine)) },
      ),
    );
    expect(await machineCallsPod()).toEqual({ caller: MACHINE.replace('payment-service', 'payments-2'), called: POD });
  });
});

test('a machine that is drained leaves the mesh, and comes back when it joins again', async () => {
  const drained = await world.machine('drained');
  await drained.boot();
  const before = await healthyAgain(drained, undefined);
  await times.of('drain, with 1 s for connections to end', () => drained.run('meshvm drain --seconds 1'));
  // Out of its Services before its sidecar stops, which without systemd is somebody else's to do.
  expect(await world.entryOf(drained)).toBeUndefined();
  expect(await world.plainText(drained.address, 15021)).not.toBe(0);
  await drained.run('kill "$(cat /run/istio.pid)"');
  expect(await drained.output('meshvm refresh')).toContain('released from the mesh (drained)');
  await times.of('join after a drain to Healthy', async () => {
    await drained.run('meshvm join');
    await healthyAgain(drained, before);
  });
  await drained.switchOff();
});

describe('it is gone from the mesh', () => {
  test('seconds after its processes end', async () => {
    const mortal = await world.machine('mortal');
    await mortal.boot();
    await healthyAgain(mortal, undefined);
    await mortal.switchOff();
    await times.of('processes dead to entry gone', () => gone(mortal));
  });

  test('after a power cut, of which nobody hears', async () => {
    const mortal = await world.machine('powerless');
    await mortal.boot();
    await healthyAgain(mortal, undefined);
    await mortal.cutPower();
    await times.of('power cut to entry gone', () => gone(mortal));
  });
});

test('fifty machines join at the same time', async () => {
  const fleet = await Promise.all(
    Array.from({ length: FLEET }, (_, index) => world.machine(`fleet-${index}`, { refreshSeconds: 60 })),
  );
  await times.of(`${FLEET} machines booted at once, to all of them Healthy`, async () => {
    await Promise.all(fleet.map((one) => one.boot()));
    await waitUntil(
      'all are healthy',
      async () => {
        const healthy = await Promise.all(fleet.map((one) => world.healthySince(one)));
        return healthy.every((since) => since !== undefined);
      },
      { timeoutSeconds: 240, intervalMilliseconds: 500 },
    );
  });
  await Promise.all(fleet.map((one) => one.switchOff()));
  await times.of(`${FLEET} machines dead to all entries gone`, () => Promise.all(fleet.map(gone)));
});

test('another root of the mesh replaces certificates and keys', async () => {
  const { client, istiod } = world.controlPlane;
  const before = await world.healthySince(machine);
  const root = await machine.output('cat /etc/certs/root-cert.pem');
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'istio-ca-secret', namespace: 'istio-system' } };
  await client.delete(secret);
  const down = await takeDown(world.controlPlane, `--secureGRPCAddr=${istiod.address}:15012`);
  down.start();
  await waitUntil('the new root is published', async () => (await world.rootCertificate()) !== root.trim());
  await world.gateway.stop();
  // istiod publishes the root a little before its webhook answers.
  await waitUntil('a gateway starts', () => world.startGateway());
  await times.of('root replaced to Healthy again (with the next look at the root)', async () => {
    // Half an hour passes.
    await machine.run(
      `flock /var/lib/meshvm sed -i 's/"rootRead": [0-9]*/"rootRead": 0/; s/"gatewayRead": [0-9]*/"gatewayRead": 0/' /var/lib/meshvm/state.json`,
    );
    await healthyAgain(machine, before);
  });
  expect(await machine.output('cat /etc/certs/root-cert.pem')).toBe(await world.rootCertificate());
});

/** Waits until it is healthy by a connection that began after \`before\`, and returns when that one began. */
function healthyAgain(of: Computer, before: string | undefined): Promise<string> {
  return of.process.waitUntil(
    `${of.name} is healthy`,
    async () => {
      const since = await world.healthySince(of);
      return since === before ? undefined : since;
    },
    { timeoutSeconds: 45, details: async () => JSON.stringify(await world.entryOf(of)) },
  );
}

function gone(of: Computer): Promise<boolean> {
  return waitUntil(`the entry of ${of.name} is gone`, async () => (await world.entryOf(of)) === undefined, {
    timeoutSeconds: 90,
  });
}

/** Whether the agent keeps the sidecar from istiod, and the sidecar still runs. */
async function isAway(of: Computer): Promise<boolean> {
  const rules = 'iptables -S | grep -q meshvm-away';
  return (await of.run(`${rules} && [ ! -e /var/lib/meshvm/restart ]`, true)).exitCode === 0;
}

async function everybodyTalks(): Promise<void> {
  expect([await machineCallsPod(), await podCallsMachine()]).toEqual([
    { caller: MACHINE, called: POD },
    { caller: POD, called: MACHINE },
  ]);
}

function machineCallsPod(): Promise<Identities> {
  return identities(machine, POD_URL);
}

let service: ServiceAddress | undefined;

async function podCallsMachine(): Promise<Identities> {
  service ??= await world.service('payment-service', 'payments');
  const { clusterIP, ports } = service;
  return identities(pod.computer, `http://${clusterIP}:${ports[0].port}/`, '-H "Host: payment-service.payments"');
}

interface Identities {
  readonly caller?: string;
  readonly called?: string;
}

/** Who called whom, as the certificates say that the called side's proxy has seen. */
async function identities(from: Computer, url: string, options = ''): Promise<Identities> {
  return identitiesIn(await waitUntil(`${from.name} gets an answer from ${url}`, () => ask(from, url, options)));
}

/** The answer to one request, if it is a good one. */
async function ask(from: Computer, url: string, options = ''): Promise<string | undefined> {
  const { stdout, exitCode } = await from.run(`curl -sS -f -m 5 ${options} ${url}`, true);
  return exitCode === 0 ? stdout : undefined;
}

function identitiesIn(answer: string): Identities {
  const { 'x-forwarded-client-cert': certificates = '' } = JSON.parse(answer) as Record<string, string>;
  return { caller: /URI=([^;,]+)/.exec(certificates)?.[1], called: /By=([^;,]+)/.exec(certificates)?.[1] };
}
