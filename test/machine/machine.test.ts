import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import {
  DnsMode,
  EastWestGateway,
  LoadBalancer,
  MachineIdentity,
  Mesh,
  MeshVmGroup,
  Network,
  Probe,
  SidecarPackage,
} from 'meshvm';
import type { UserDataProps } from '../../lib/join/user-data';
import {
  ControlPlane,
  Gateway,
  healthOf,
  type KubernetesObject,
  type StoredObject,
  TokenIssuer,
  waitUntil,
} from '../mesh/harness';
import { http } from '../mesh/harness/http';
import { findTools } from '../mesh/tools/tools';
import { Cloud, MIRROR_NAME } from './cloud';
import { ensureImage } from './image';
import { requireMachineCommands } from './requirements';
import { ensureSidecarDeb } from './sidecar-deb';
import { VirtualMachine } from './virtual-machine';

/**
 * The life of a real machine: Debian 12 with systemd and cloud-init in QEMU, which gets the rendered user-data at its first boot and no other help.
 *
 * It proves who it is by what its metadata service hands out, so no secret is on its image or in its user-data. It downloads the sidecar's package, checks its
 * checksum and installs it, and captures its traffic by iptables.
 */
const ISTIO_VERSION = '1.31.1';
const SERVICE_ACCOUNT_EMAIL = 'payments@acme.iam.gserviceaccount.com';
const NAME = 'payment-service.payments.svc.cluster.local';

let folder: string;
let issuer: TokenIssuer;
let controlPlane: ControlPlane;
let gateway: Gateway;
let cloud: Cloud;
let machine: VirtualMachine;
let createMachine: (name: string) => Promise<VirtualMachine>;
let applyGroup: (labels: Readonly<Record<string, string>>, dns?: DnsMode) => Promise<void>;
const times: string[] = [];

beforeAll(async () => {
  requireMachineCommands();
  const tools = await findTools();
  const image = await ensureImage();
  const deb = await ensureSidecarDeb(tools, ISTIO_VERSION);
  folder = mkdtempSync(join(tmpdir(), 'meshvm-machine-'));
  issuer = await TokenIssuer.start(join(folder, 'issuer'));
  controlPlane = await ControlPlane.start({
    ...{ meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', lan: true },
    apiServerArgs: issuer.apiServerArgs,
  });
  const { apiServer, client, lan } = controlPlane;
  const debPath = `/istio/${ISTIO_VERSION}/deb/istio-sidecar.deb`;
  cloud = await Cloud.start(controlPlane, {
    ...{ issuer, serviceAccountEmail: SERVICE_ACCOUNT_EMAIL },
    files: { [debPath]: deb.file },
  });

  const mesh = new Mesh({
    ...{ meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: ISTIO_VERSION },
  });
  const synthesize = (labels: Readonly<Record<string, string>>, dns?: DnsMode) => {
    const app = new App();
    const platform = new Chart(app, 'platform', { namespace: 'istio-system' });
    const eastWest = new EastWestGateway(platform, 'gateway', { mesh, loadBalancer: LoadBalancer.awsNlb() });
    const payments = new Chart(app, 'payments', { namespace: 'payments' });
    const group = new MeshVmGroup(payments, 'payment-service', {
      ...{ mesh, gateway: eastWest, network: Network.flat([lan.cidr]), labels },
      ports: [{ name: 'http', port: 8080 }],
      probe: Probe.httpGet('/healthz', { port: 8080, periodSeconds: 1 }),
      identity: MachineIdentity.gke({ serviceAccountEmail: SERVICE_ACCOUNT_EMAIL }),
      bootstrap: {
        sidecarPackage: SidecarPackage.pinned({ debAmd64: deb.sha256 }, `${cloud.mirrorUrl}/istio`),
        ...{ refreshIntervalSeconds: 60, restartJitterSeconds: 0, deadManSeconds: 180, dns },
      },
    });
    return { platform: objectsOf(platform), payments: objectsOf(payments), group };
  };
  const { platform, group } = synthesize({});
  applyGroup = async (labels, dns) => {
    await client.mustApply(synthesize(labels, dns).payments);
  };
  await client.mustApply(platform);
  const deployment = platform.find(({ kind }) => kind === 'Deployment') as KubernetesObject;
  gateway = await Gateway.start(controlPlane, { deployment });
  await applyGroup({});
  await controlPlane.rootCertificate('payments');

  const userData = group.userData({
    ...{ apiServer: `https://${lan.hostAddress}:${apiServer.port}`, caCertificate: apiServer.ca },
    ...APPLICATION,
  });
  createMachine = (name) => VirtualMachine.create(controlPlane, { name, image, cloud, userData });
});

afterAll(async () => {
  if (times.length > 0) process.stderr.write(`\nSeconds, emulated without KVM:\n${times.join('\n')}\n`);
  cloud?.stop();
  await controlPlane?.stop();
  issuer?.stop();
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

describe('a machine that boots with the user-data of its group', () => {
  test('registers through the gateway and is healthy', async () => {
    machine = await createMachine('vm-1');
    const powerOn = stopwatch(machine, 'power on');
    machine.powerOn();
    await machine.bootId();
    powerOn('SSH answers');
    await machine.waitUntil('it is registered', () => entryOf(machine));
    powerOn('registered');
    const entry = await healthy(machine);
    powerOn('Healthy');
    expect(entry.spec).toMatchObject({
      ...{ serviceAccount: 'payment-service', network: 'vpc-prod' },
      // As the metadata service says.
      locality: 'europe-west1/europe-west1-b',
    });
    expect(entry.metadata.annotations).toMatchObject({ 'istio.io/autoRegistrationGroup': 'payment-service' });
  });

  test('leaves nothing that cloud-init or systemd complains about', async () => {
    const { errors, status } = JSON.parse(await machine.run('cloud-init status --wait --format json')) as {
      readonly errors: readonly string[];
      readonly status: string;
    };
    expect([status, errors]).toStrictEqual(['done', []]);
    expect(await machine.run('systemctl --failed --plain --no-legend')).toBe('');
    expect(await machine.run('systemctl is-enabled istio meshvm-refresh.timer')).toBe('enabled\nenabled\n');
  });

  test('reaches its own Service by the name and the address that only the mesh knows', async () => {
    expect(await ask(machine, `http://${NAME}:8080/`)).toBe('200 envoy ok');
  });

  test('takes what is sent to it through its sidecar', async () => {
    const { headers, body } = await http({ url: `http://${machine.address}:8080/` });
    expect([headers.server, body]).toStrictEqual(['istio-envoy', 'ok']);
  });

  test('finds nothing wrong with itself', async () => {
    const results = JSON.parse(await machine.run('sudo meshvm doctor --json')) as readonly { readonly ok: boolean }[];
    expect(results.map(({ ok }) => ok)).toEqual(Array(14).fill(true));
  });

  test('gets a new entry when the labels of its group change, and stays captured while it is away for that', async () => {
    const before = await entryOf(machine);
    await applyGroup({ tier: 'gold' });
    const edited = stopwatch(machine, 'label edited');
    await machine.waitUntil('it stays away from istiod', async () =>
      (await machine.run(RULES)).includes('meshvm-away'),
    );
    edited('away');
    expect(await machine.run(RULES)).toContain('ISTIO_OUTPUT');
    expect(await ask(machine, `http://${NAME}:8080/`)).toBe('200 envoy ok');
    await machine.waitUntil(
      'it has a new entry',
      async () => (await entryOf(machine))?.metadata.uid !== before?.metadata.uid,
    );
    const entry = await healthy(machine);
    edited('Healthy, with the label');
    expect(entry.spec).toMatchObject({ labels: { tier: 'gold' } });
    expect(await machine.run(RULES)).not.toContain('meshvm-away');
    expect(await machine.run('sudo journalctl --boot --no-pager --unit meshvm-refresh')).toContain(
      'to get a new entry',
    );
  });

  test('is back after a reboot', async () => {
    const before = await connectionOf(machine);
    const reboot = stopwatch(machine, 'reboot');
    await machine.reboot();
    reboot('SSH answers');
    await healthy(machine, before);
    reboot('Healthy');
    expect(await ask(machine, `http://${NAME}:8080/`)).toBe('200 envoy ok');
  });

  test('stays reachable and keeps what it needs when it boots without istiod, and joins when istiod is back', async () => {
    const before = await connectionOf(machine);
    // The agent notes that the first join has succeeded: the time limit for that is no part of this test.
    await machine.run('sudo meshvm refresh');
    await gateway.host.setConnected(false);
    await machine.reboot();
    await machine.waitUntil('its sidecar holds all other traffic back', () => isCutOff(machine));
    await expectTheNecessary(machine);
    expect(await machine.run('sudo meshvm refresh && echo done')).toContain('done');
    await gateway.host.setConnected(true);
    const back = stopwatch(machine, 'istiod is back');
    await healthy(machine, before);
    back('Healthy');
    expect(await ask(machine, cloud.mirrorUrl)).toMatch(/^404/);
  });

  afterAll(async () => {
    await machine?.saveJournal();
    await machine?.cutPower();
  });
});

describe('a machine that boots for the first time without istiod', () => {
  let late: VirtualMachine;

  beforeAll(async () => {
    await gateway.host.setConnected(false);
    cloud.mirror.forging = true;
    late = await createMachine('vm-2');
    late.powerOn();
  });

  test('installs no package but the one whose checksum the bundle gives', async () => {
    await late.bootId();
    await late.waitUntil('it refuses a forged package', async () =>
      (await late.run('sudo journalctl --boot --no-pager')).includes(': not installed'),
    );
    expect((await late.tryRun('ls /usr/local/bin/pilot-agent')).exitCode).toBe(2);
    expect((await late.tryRun('dpkg-query --show istio-sidecar')).exitCode).toBe(1);
    cloud.mirror.forging = false;
  });

  test('stays reachable and keeps what it needs', async () => {
    await late.waitUntil('its sidecar holds all other traffic back', () => isCutOff(late));
    await expectTheNecessary(late);
  });

  test('gets its network back when it has tried in vain', async () => {
    await late.waitUntil('it reaches other hosts', async () => (await ask(late, cloud.mirrorUrl)).startsWith('404'));
    expect(await late.run(RULES)).not.toContain('ISTIO');
  });

  test('joins by itself when istiod is back', async () => {
    await gateway.host.setConnected(true);
    const back = stopwatch(late, 'istiod is there for the first time');
    await healthy(late);
    back('Healthy');
    expect(await ask(late, `http://${NAME}:8080/`)).toBe('200 envoy ok');
  });

  test('is let go with its network, whatever is out of order, when it is told to', async () => {
    const before = await connectionOf(late);
    await gateway.host.setConnected(false);
    expect(await late.run('sudo meshvm release')).toContain('released');
    expect(await ask(late, cloud.mirrorUrl)).toMatch(/^404/);
    expect(await late.run(`${RULES}; cat /etc/hosts`)).not.toMatch(/ISTIO|istiod/);
    expect((await late.tryRun('systemctl is-active istio meshvm-refresh.timer')).output).toBe('inactive\ninactive\n');
    await gateway.host.setConnected(true);
    await late.run('sudo meshvm join');
    await healthy(late, before);
  });

  test('is gone from the mesh after its power was cut', async () => {
    await late.saveJournal();
    const cut = stopwatch(late, 'power cut');
    await late.cutPower();
    await waitUntil('its entry is gone', async () => (await entryOf(late)) === undefined, { timeoutSeconds: 300 });
    cut('its WorkloadEntry is gone');
  });
});

describe('a machine whose systemd-resolved sends the names of the mesh to its sidecar', () => {
  let split: VirtualMachine;

  beforeAll(async () => {
    split = await createMachine('vm-3');
    split.powerOn();
    await split.bootId();
    await healthy(split);
    expect(await split.run(RULES)).toContain('15053');
    await applyGroup({}, DnsMode.split());
    const before = await connectionOf(split);
    await split.run('sudo meshvm refresh');
    await healthy(split, before);
  });

  afterAll(async () => {
    await split?.saveJournal();
    await split?.cutPower();
    await applyGroup({});
  });

  test('resolves names of the mesh, and others as before, however a program asks', async () => {
    const service = (await controlPlane.client.get('v1', 'Service', 'payment-service', 'payments'))?.spec;
    const { clusterIP } = service as { readonly clusterIP: string };
    await split.waitUntil('names of the mesh resolve', async () => (await addressOf(split, NAME)) === clusterIP);
    expect(await addressOf(split, MIRROR_NAME)).toBe(controlPlane.lan.hostAddress);
    expect(await split.run(`resolvectl query --legend=no ${NAME}`)).toContain(`${NAME}: ${clusterIP}`);
    expect(await split.run(`resolvectl query --legend=no ${MIRROR_NAME}`)).toContain(controlPlane.lan.hostAddress);
    expect(await askStub(split, NAME)).toBe(clusterIP);
    expect(await askStub(split, MIRROR_NAME)).toBe(controlPlane.lan.hostAddress);
    expect(await ask(split, `http://${NAME}:8080/`)).toBe('200 envoy ok');
  });

  test('captures its traffic, but not its DNS', async () => {
    const rules = await split.run(RULES);
    expect([rules.includes('ISTIO_OUTPUT'), rules.includes('15053')]).toStrictEqual([true, false]);
  });

  test('hears at once that nobody knows a name of the mesh: the sidecar does not ask systemd-resolved again', async () => {
    // The cloud's DNS server refuses what it does not know. A question that comes back to the sidecar has no answer at all.
    const { output } = await split.tryRun('resolvectl query --legend=no nobody.payments.svc.cluster.local');
    expect(output).toMatch(/REFUSED|not found/);
  });

  test('finds nothing wrong with itself', async () => {
    const results = JSON.parse(await split.run('sudo meshvm doctor --json')) as readonly { readonly ok: boolean }[];
    expect(results.map(({ ok }) => ok)).toEqual(Array(15).fill(true));
    expect(await split.run('systemctl --failed --plain --no-legend')).toBe('');
  });

  test.each([
    ['systemd-resolved is restarted', 'sudo systemctl restart systemd-resolved'],
    ['the network is configured anew', 'sudo netplan apply'],
  ])('resolves both when %s', async (_, command) => {
    await split.run(command);
    await split.waitUntil('names of the mesh resolve', async () => (await addressOf(split, NAME)) !== undefined);
    await split.waitUntil('others do', async () => (await addressOf(split, MIRROR_NAME)) !== undefined);
  });

  test('resolves other names while its sidecar is stopped, and names of the mesh no more', async () => {
    await split.run('sudo systemctl stop istio && sudo resolvectl flush-caches');
    expect(await addressOf(split, MIRROR_NAME)).toBe(controlPlane.lan.hostAddress);
    expect((await split.tryRun(`timeout 60 getent ahostsv4 ${NAME}`)).exitCode).toBe(2);
    const before = await connectionOf(split);
    await split.run('sudo systemctl start istio');
    await healthy(split, before);
  });

  test('resolves other names when its sidecar is killed, and names of the mesh when systemd has started the next', async () => {
    await split.run('sudo systemctl kill --signal KILL istio');
    expect(await addressOf(split, MIRROR_NAME)).toBe(controlPlane.lan.hostAddress);
    await split.waitUntil('names of the mesh resolve', async () => (await addressOf(split, NAME)) !== undefined);
  });

  test('is as it was after a reboot', async () => {
    const before = await connectionOf(split);
    await split.reboot();
    await healthy(split, before);
    await split.waitUntil('names of the mesh resolve', async () => (await addressOf(split, NAME)) !== undefined);
    expect(await addressOf(split, MIRROR_NAME)).toBe(controlPlane.lan.hostAddress);
    expect(await split.run('systemctl is-active meshvm-dns')).toBe('active\n');
  });

  test('has nothing of it any more when it is let go', async () => {
    expect(await split.run('sudo meshvm release')).toContain('names of the mesh in systemd-resolved removed');
    expect((await split.tryRun('ip link show dev meshvm-dns')).exitCode).toBe(1);
    expect(await split.run('find /etc/systemd/system /etc/meshvm -name "*dns*"')).toBe('');
    expect(await addressOf(split, MIRROR_NAME)).toBe(controlPlane.lan.hostAddress);
  });
});

/** What the owner of the group adds: an application, as a service of systemd. */
const APPLICATION: Pick<UserDataProps, 'files' | 'commands'> = {
  files: [
    {
      path: '/opt/application.py',
      content: `from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Application(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header('content-length', '2')
        self.end_headers()
        self.wfile.write(b'ok')

    def log_message(self, *_):
        pass

ThreadingHTTPServer(('0.0.0.0', 8080), Application).serve_forever()
`,
    },
    {
      path: '/etc/systemd/system/application.service',
      content:
        '[Service]\nExecStart=/usr/bin/python3 /opt/application.py\nDynamicUser=yes\n[Install]\nWantedBy=multi-user.target\n',
    },
  ],
  commands: ['systemctl daemon-reload', 'systemctl enable --now application.service'],
};

async function entryOf(of: VirtualMachine): Promise<StoredObject | undefined> {
  const entries = await controlPlane.client.list('networking.istio.io/v1', 'WorkloadEntry', 'payments');
  return entries.find(({ spec }) => (spec as { readonly address?: string }).address === of.address);
}

/** When its sidecar has connected to istiod, as istiod notes it. */
async function connectionOf(of: VirtualMachine): Promise<string | undefined> {
  return (await entryOf(of))?.metadata.annotations?.['istio.io/connectedAt'];
}

/** Waits until a machine is healthy by another connection than an earlier one. */
async function healthy(of: VirtualMachine, before?: string): Promise<StoredObject> {
  return of.waitUntil('it is healthy', async () => {
    const entry = await entryOf(of);
    const connection = entry?.metadata.annotations?.['istio.io/connectedAt'];
    // One that is disconnected has no time of connection, and stays Healthy until istiod drops it.
    return healthOf(entry) === 'Healthy' && connection !== undefined && connection !== before ? entry : undefined;
  });
}

/** Status, server and body of the answer to an ordinary program on the machine; the error if there is none. */
async function ask(from: VirtualMachine, url: string, header = 'x: y', authority?: string): Promise<string> {
  const script = `
import ssl, sys, urllib.request
url, header, authority = sys.argv[1:]
context = ssl.create_default_context(cadata=authority) if authority else None
try:
    try:
        answer = urllib.request.urlopen(urllib.request.Request(url, None, dict([header.split(": ")])), timeout=10, context=context)
    except urllib.error.HTTPError as error:
        answer = error
    print(answer.status, answer.headers.get("server"), answer.read(200).decode())
except OSError as error:
    print("no answer:", error)
`;
  const words = ['python3', '-c', script, url, header, authority ?? ''];
  const command = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  return (await from.run(command)).trim();
}

/** Address of a name, for an ordinary program; undefined when there is none. */
async function addressOf(of: VirtualMachine, name: string): Promise<string | undefined> {
  const { exitCode, output } = await of.tryRun(`getent ahostsv4 ${name}`);
  return exitCode === 0 ? output.split(/\s/)[0] : undefined;
}

/** The same, for a program that sends its question to the name server of /etc/resolv.conf itself. */
async function askStub(of: VirtualMachine, name: string): Promise<string> {
  const script = `
import re, socket, sys
labels = b"".join(bytes([len(label)]) + label.encode() for label in sys.argv[1].split("."))
server = re.search("nameserver (.*)", open("/etc/resolv.conf").read()).group(1)
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stub:
    stub.settimeout(20)
    stub.sendto(b"mv" + bytes([1, 0, 0, 1, 0, 0, 0, 0, 0, 0]) + labels + bytes([0, 0, 1, 0, 1]), (server, 53))
    print(socket.inet_ntoa(stub.recv(512)[-4:]))
`;
  return (await of.run(`python3 -c '${script}' ${name}`)).trim();
}

/** Whether the sidecar stands between ordinary programs and the network, and keeps them from it because it has no configuration. */
async function isCutOff(of: VirtualMachine): Promise<boolean> {
  return /ISTIO_OUTPUT/.test(await of.run(RULES)) && (await ask(of, cloud.mirrorUrl)).startsWith('no answer');
}

function objectsOf(chart: Chart): KubernetesObject[] {
  return chart.toJson() as KubernetesObject[];
}

/** Prints the rules of both flavours of iptables, which don't see each other's. */
const RULES = 'sudo iptables-legacy-save; sudo iptables-nft-save';

/** SSH is how the machine is asked here; the others, by an ordinary program. */
async function expectTheNecessary(of: VirtualMachine): Promise<void> {
  const { apiServer, lan } = controlPlane;
  const metadata = 'http://169.254.169.254/computeMetadata/v1/instance/network-interfaces/0/ip';
  expect(await ask(of, metadata, 'metadata-flavor: Google')).toBe(`200 None ${of.address}`);
  const version = `https://${lan.hostAddress}:${apiServer.port}/readyz`;
  expect(await ask(of, version, 'x: y', apiServer.ca)).toBe('200 None ok');
  expect(await isCutOff(of)).toBe(true);
}

/** Notes how many seconds after now, and after what, something has happened. */
function stopwatch(of: VirtualMachine, start: string): (event: string) => void {
  const started = Date.now();
  return (event) => {
    const line = `${of.name}: ${start} -> ${event}: ${((Date.now() - started) / 1000).toFixed(0)}`;
    times.push(line);
    process.stderr.write(`${line}\n`);
  };
}
