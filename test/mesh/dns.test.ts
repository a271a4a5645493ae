import { type BootstrapProps, DnsMode, SidecarPackage } from 'meshvm';
import { dnsRouting } from '../../lib/mesh/dns-routing';
import { type KubernetesObject, waitUntil } from './harness';
import type { Computer } from './machines/computer';
import { type CoreDns, startCoreDns } from './machines/core-dns';
import { iptablesRules, isCaptured, PRINT_RULES } from './machines/iptables';
import { findResolved, OWN_RESOLV_CONF, restartResolved, startResolved } from './machines/resolved';
import { type ServiceAddress, World } from './machines/world';

/** Services of the mesh; `orders` has an address that istiod allocates, `vault` one that its ServiceEntry declares. */
const LEDGER = 'ledger.ledger.svc.cluster.local';
const ORDERS = 'orders.example';
const VAULT = 'vault.example';
const VAULT_ADDRESS = '240.9.9.9';
/** What the machines' own name server knows, and an address in the machines' network. */
const OTHER = 'other.example.com';
const OTHER_ADDRESS = '192.0.2.7';
/** The last one is for short names. */
const DOMAINS = [ORDERS, VAULT, 'ledger'];

let world: World;
let machine: Computer;
let resolved: string;
let ledger: ServiceAddress;
let coreDns: CoreDns;

beforeAll(async () => {
  world = await World.start();
  const { client } = world.controlPlane;
  resolved = await findResolved();
  world.cloud.setNames({ [OTHER]: OTHER_ADDRESS });
  await world.requireMutualTls();
  await world.startPod();
  await client.mustApply([serviceEntry(ORDERS, {}), serviceEntry(VAULT, { addresses: [VAULT_ADDRESS] })]);
  await world.requireMutualTlsIn('ledger');
  ledger = await world.service('ledger', 'ledger');
  coreDns = await startCoreDns(world.controlPlane);
  machine = await world.machine('vm-1', { sidecarEnv: OWN_RESOLV_CONF });
  await machine.boot();
  await startResolved(machine, resolved);
  await healthy();
});

afterAll(async () => {
  await world?.stop();
});

describe('capture', () => {
  test('names of the mesh resolve, short ones too, and others as before', async () => {
    await waitUntil('the sidecar answers', async () => (await resolve(LEDGER)) === ledger.clusterIP);
    expect(await resolve('ledger.ledger')).toBe(ledger.clusterIP);
    expect(await resolve(OTHER)).toBe(OTHER_ADDRESS);
    await reports(/^dns +capture$/m);
  });

  test('programs that do not ask by port 53 get other names alone', async () => {
    expect(await query(LEDGER)).toContain('resolve call failed');
    expect(await query(OTHER)).toContain(OTHER_ADDRESS);
  });

  test('a ServiceEntry host without addresses has one, and calls get through with mutual TLS', async () => {
    await waitUntil('an address is allocated', async () => /^240\.240\./.test((await resolve(ORDERS)) ?? ''));
    expect(await callers([`http://${LEDGER}/`, `http://${ORDERS}/`, `http://${VAULT}/`])).toStrictEqual([US, US, US]);
  });

  test('no name resolves while the sidecar hangs', async () => {
    await hanging(async () => {
      expect(await tryResolve(LEDGER)).toBe('no answer');
      expect(await tryResolve(OTHER)).toBe('no answer');
    });
  });

  test('other names resolve between the death of a sidecar and the next one', async () => {
    const before = await world.healthySince(machine);
    // On the machine itself: it is a moment here, and ten seconds by the package's unit.
    const meanwhile = await machine.output(`kill -9 "$(cat /run/istio.pid)"
while { ${PRINT_RULES}; } | grep -q ISTIO_OUTPUT; do sleep 0.02; done
getent ahostsv4 ${OTHER} | cut -d' ' -f1 | head -n 1
{ ${PRINT_RULES}; } | grep -c ISTIO_OUTPUT || true`);
    expect(meanwhile).toBe(`${OTHER_ADDRESS}\n0`);
    await healthy(before);
    await waitUntil('the sidecar answers', async () => (await resolve(LEDGER)) === ledger.clusterIP);
  });

  test('other names resolve while the sidecar is stopped', async () => {
    await stopped(async () => {
      expect([await resolve(OTHER), await resolve(LEDGER)]).toStrictEqual([OTHER_ADDRESS, undefined]);
    });
  });
});

describe('split', () => {
  beforeAll(async () => {
    await change(DnsMode.split({ domains: DOMAINS }));
  });

  test('reaches a machine that runs, and takes the capture of DNS away', async () => {
    await reports(/^dns +split, in place$/m);
    expect(await dnsRules()).toBe(0);
    expect(await isCaptured(machine)).toBe(true);
  });

  test('names of the mesh and of its own domains resolve, and others as before', async () => {
    expect(await resolve(LEDGER)).toBe(ledger.clusterIP);
    expect(await resolve(ORDERS)).toMatch(/^240\.240\./);
    expect([await resolve(VAULT), await resolve(OTHER)]).toStrictEqual([VAULT_ADDRESS, OTHER_ADDRESS]);
    expect(await resolve('ledger.ledger')).toBe(ledger.clusterIP);
  });

  test('also for programs that do not ask by port 53', async () => {
    expect(await query(LEDGER)).toContain(`${LEDGER}: ${ledger.clusterIP}`);
    expect(await query(OTHER)).toContain(OTHER_ADDRESS);
  });

  test('nobody asks the sidecar for other names', async () => {
    const none = await questions();
    await machine.run('resolvectl flush-caches');
    await resolve(LEDGER);
    const before = await questions();
    expect(before).not.toBe(none);
    expect(await query(`unknown.${OTHER}`)).toContain('not found');
    expect(await questions()).toBe(before);
  });

  test('a name of the mesh without IPv6 address has none, and one that nobody knows is not found', async () => {
    expect(await query(`--type=AAAA ${LEDGER}`)).toContain('does not have any RR of the requested type');
    expect(await query('nobody.payments.svc.cluster.local')).toContain('not found');
  });

  test('calls get through with mutual TLS', async () => {
    expect(await callers([`http://${LEDGER}/`, `http://${ORDERS}/`, `http://${VAULT}/`])).toStrictEqual([US, US, US]);
  });

  test('doctor sees it', async () => {
    const doctor = await doctorOfReadyMachine();
    expect(doctor).toMatch(/^ok {3}resolver +systemd-resolved sends svc.cluster.local, .* to the sidecar$/m);
    expect(doctor).toMatch(/^ok {3}names of the mesh +payment-service.* resolves$/m);
  });

  test('other names resolve while the sidecar hangs', async () => {
    await hanging(async () => {
      expect(await tryResolve(OTHER)).toBe(OTHER_ADDRESS);
    });
  });

  test('other names resolve while the sidecar is stopped, and names of the mesh fail', async () => {
    await stopped(async () => {
      await machine.run('resolvectl flush-caches');
      expect([await resolve(OTHER), await resolve(LEDGER)]).toStrictEqual([OTHER_ADDRESS, undefined]);
    });
    await waitUntil('the sidecar answers', async () => (await resolve(LEDGER)) === ledger.clusterIP);
  });

  test('survives a restart of systemd-resolved, and comes back when somebody removes it', async () => {
    await restartResolved(machine);
    await waitUntil('names of the mesh resolve', async () => (await resolve(LEDGER)) === ledger.clusterIP);
    await machine.run('ip link delete meshvm-dns');
    await waitUntil('names of the mesh resolve', async () => (await resolve(LEDGER)) === ledger.clusterIP);
    expect(await resolve(OTHER)).toBe(OTHER_ADDRESS);
  });

  test('a machine without systemd-resolved says so and gets nothing of it', async () => {
    const other = await world.machine('vm-2');
    await other.boot();
    await other.process.waitUntil('it says so', () =>
      other.process
        .logTail(Number.MAX_SAFE_INTEGER)
        .includes('dns split needs systemd-resolved, which does not answer here'),
    );
    expect((await other.run('meshvm refresh', true)).exitCode).toBe(7);
    expect((await other.run('test -e /var/lib/istio/envoy/cluster.env', true)).exitCode).toBe(1);
    expect((await other.run('ip link show dev meshvm-dns', true)).exitCode).not.toBe(0);
    // The machine tries again and again: its first stage may just be writing the file anew, beside it.
    expect(await other.output("ls /etc/meshvm | grep -v '[.]new$'")).toBe('join.json');
    await other.switchOff();
  });
});

describe('CoreDNS', () => {
  beforeAll(async () => {
    await change(DnsMode.coreDns(coreDns.address));
  });

  test('names of Services resolve, and others as before', async () => {
    await waitUntil('names of the mesh resolve', async () => (await resolve(LEDGER)) === ledger.clusterIP);
    expect(await resolve(OTHER)).toBe(OTHER_ADDRESS);
    await reports(/^dns +coreDns, in place$/m);
    expect(await doctorOfReadyMachine()).toMatch(/^ok {3}resolver +.*svc.cluster.local to 10\./m);
  });

  test('what only the mesh knows does not resolve', async () => {
    expect([await resolve(ORDERS), await resolve(VAULT)]).toStrictEqual([undefined, undefined]);
  });

  test('the sidecar serves no names, and calls get through with mutual TLS', async () => {
    expect(await machine.output('ss -Hlun sport = :15053; ss -Hltn sport = :15053')).toBe('');
    expect(await callers([`http://${LEDGER}/`])).toStrictEqual([US]);
  });

  test('all names resolve while the sidecar is stopped', async () => {
    await stopped(async () => {
      await machine.run('resolvectl flush-caches');
      expect([await resolve(OTHER), await resolve(LEDGER)]).toStrictEqual([OTHER_ADDRESS, ledger.clusterIP]);
    });
  });

  test('other names resolve while CoreDNS is dead', async () => {
    await coreDns.process.kill();
    await machine.run('resolvectl flush-caches');
    expect([await resolve(OTHER), await resolve(LEDGER)]).toStrictEqual([OTHER_ADDRESS, undefined]);
  });
});

describe('off', () => {
  beforeAll(async () => {
    await change(DnsMode.off());
  });

  test('nothing is left in systemd-resolved, and nobody resolves names of the mesh', async () => {
    await waitUntil('the link is gone', async () => !(await hasLink()));
    expect([await resolve(OTHER), await resolve(LEDGER), await resolve(ORDERS)]).toStrictEqual([
      OTHER_ADDRESS,
      undefined,
      undefined,
    ]);
    await reports(/^dns +off$/m);
  });

  test('calls to the addresses of a Service and of a ServiceEntry get through with mutual TLS', async () => {
    const urls = [`http://${ledger.clusterIP}/`, `http://${VAULT_ADDRESS}/`];
    expect([await caller(urls[0], LEDGER), await caller(urls[1], VAULT)]).toStrictEqual([US, US]);
  });

  test('other names resolve while the sidecar is stopped', async () => {
    await stopped(async () => {
      expect(await resolve(OTHER)).toBe(OTHER_ADDRESS);
    });
  });
});

describe('release', () => {
  test('leaves systemd-resolved as it was', async () => {
    await change(DnsMode.split());
    expect(await hasLink()).toBe(true);
    expect(await machine.output('meshvm release')).toContain('names of the mesh in systemd-resolved removed');
    expect(await hasLink()).toBe(false);
    expect(await machine.output('ls /etc/meshvm')).toBe('join.json');
    expect([await resolve(OTHER), await resolve(LEDGER)]).toStrictEqual([OTHER_ADDRESS, undefined]);
  });
});

const US = 'spiffe://cluster.local/ns/payments/sa/payment-service';

/** Gives the group a mode, and waits until a sidecar runs by it. */
/** What doctor says once the machine counts as ready, a moment after a restart of its sidecar: it ends at the first thing that is wrong. */
async function doctorOfReadyMachine(): Promise<string> {
  let said = '';
  await waitUntil('the mesh sends calls to the machine', async () => {
    said = await machine.output('meshvm doctor || true');
    return /^ok {3}services/m.test(said);
  });
  return said;
}

async function change(dns: DnsMode): Promise<void> {
  const before = await world.healthySince(machine);
  const bootstrap: BootstrapProps = {
    sidecarPackage: SidecarPackage.preinstalled(),
    ...{ restartJitterSeconds: 0, minimumRestartIntervalSeconds: 0, dns },
  };
  const old = await machine.output('cat /var/lib/istio/envoy/cluster.env /etc/istio/config/mesh');
  await world.apply({ bootstrap });
  await waitUntil('the mode is on the machine', async () =>
    new RegExp(`^dns +${dnsRouting(dns, 'cluster.local').mode}(, in place)?$`, 'm').test(
      await machine.output('meshvm status || true'),
    ),
  );
  const now = await machine.output('cat /var/lib/istio/envoy/cluster.env /etc/istio/config/mesh');
  if (now !== old) await healthy(before);
}

async function healthy(before?: string): Promise<void> {
  await machine.process.waitUntil('it is healthy', async () => {
    const since = await world.healthySince(machine);
    return since !== undefined && since !== before;
  });
}

/** Address of a name, for an ordinary program; undefined when there is none. */
async function resolve(name: string): Promise<string | undefined> {
  const { stdout } = await machine.run(`getent ahostsv4 ${name}`, true);
  return stdout.split(/\s/)[0] || undefined;
}

/** Like `resolve`, for a name that may get no answer at all. */
async function tryResolve(name: string): Promise<string> {
  const { stdout, exitCode } = await machine.run(`timeout 4 getent ahostsv4 ${name}`, true);
  return exitCode === 124 ? 'no answer' : stdout.split(/\s/)[0];
}

/** What systemd-resolved answers to programs that ask it by its bus. */
async function query(question: string): Promise<string> {
  const { stdout, stderr } = await machine.run(`resolvectl query --legend=no ${question}`, true);
  return stdout + stderr;
}

/** How many questions the sidecar has had. */
async function questions(): Promise<string> {
  // Without any there is no such line yet.
  return machine.output(
    'curl -s http://127.0.0.1:15020/stats/prometheus | grep ^istio_agent_dns_requests_total || true',
  );
}

/** Who the Pod says has called, by the certificate of its caller. */
async function caller(url: string, host?: string): Promise<string> {
  const header = host === undefined ? '' : `-H 'Host: ${host}'`;
  let answer = '';
  await waitUntil(`${url} answers`, async () => {
    const { stdout, exitCode } = await machine.run(`curl -sS -f -m 10 ${header} ${url}`, true);
    answer = stdout;
    return exitCode === 0;
  });
  const headers = JSON.parse(answer) as Readonly<Record<string, string>>;
  return /URI=([^;,]+)/.exec(headers['x-forwarded-client-cert'] ?? '')?.[1] ?? 'nobody';
}

async function callers(urls: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const url of urls) found.push(await caller(url));
  return found;
}

/** Does something while the sidecar lives and does nothing. */
async function hanging(use: () => Promise<void>): Promise<void> {
  await machine.run('pkill -STOP -x pilot-agent');
  try {
    await use();
  } finally {
    await machine.run('pkill -CONT -x pilot-agent');
  }
  await waitUntil('the sidecar answers', async () => (await resolve(LEDGER)) === ledger.clusterIP);
}

/** Does something while the machine has no sidecar, as after `systemctl stop istio`. */
async function stopped(use: () => Promise<void>): Promise<void> {
  await machine.run('echo stopped >/var/lib/meshvm/released; kill "$(cat /run/istio.pid)"');
  await waitUntil('its capture is gone', async () => !(await isCaptured(machine)));
  await use();
  const before = await world.healthySince(machine);
  await machine.run('rm /var/lib/meshvm/released');
  await healthy(before);
}

async function hasLink(): Promise<boolean> {
  return (await machine.run('ip link show dev meshvm-dns', true)).exitCode === 0;
}

/** How many rules send questions to the sidecar. */
async function dnsRules(): Promise<number> {
  return (await iptablesRules(machine)).split('\n').filter((line) => /15053|_DNS|--zone/.test(line)).length;
}

async function reports(what: RegExp): Promise<void> {
  await waitUntil(`status says ${what}`, async () => what.test(await machine.output('meshvm status || true')));
}

/** A host of the mesh, served by the Pod `ledger`. */
function serviceEntry(host: string, spec: { readonly addresses?: string[] }): KubernetesObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name: host.replace('.', '-'), namespace: 'ledger' },
    spec: {
      ...{ hosts: [host], location: 'MESH_INTERNAL', resolution: 'STATIC' },
      ports: [{ number: 80, name: 'http', protocol: 'HTTP', targetPort: 8080 }],
      workloadSelector: { labels: { app: 'ledger' } },
      ...spec,
    },
  };
}
