import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTools } from './tools/tools';

// Needs root, to be somebody else.

const ROOT = join(__dirname, '../..');
const HOSTS = '127.0.0.1 localhost\n10.1.2.3 mine';
const BLOCK = `# meshvm-envoy laptop begin
127.0.0.1 catalog.shop.svc.cluster.local catalog.shop.svc catalog.shop
# meshvm-envoy laptop end
`;
const NOBODY = 65534;

let folder: string;
let envoy: string;
let machine: string;
let hosts: string;
let certificates: string;

beforeAll(async () => {
  const tools = await findTools();
  folder = mkdtempSync(join(tmpdir(), 'meshvm-cli-'));
  // Where everybody may run it.
  chmodSync(folder, 0o755);
  envoy = join(folder, 'envoy');
  copyFileSync(tools.envoy, envoy);
  chmodSync(envoy, 0o755);
  for (const name of ['issued', 'other']) issue(join(folder, name));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(() => {
  const home = join(folder, 'home');
  certificates = join(home, '.config/meshvm/laptop/laptop/certificates');
  mkdirSync(certificates, { recursive: true });
  for (const name of ['cert-chain.pem', 'key.pem', 'root-cert.pem']) {
    copyFileSync(join(folder, 'issued', name), join(certificates, name));
  }
  hosts = join(home, 'hosts');
  writeFileSync(hosts, HOSTS);
  machine = join(folder, 'laptop.yaml');
  writeFileSync(machine, machineFile(15998));
});

afterEach(() => {
  meshvm(['laptop', 'stop', machine, '--hosts', 'none']);
  rmSync(join(folder, 'home'), { recursive: true, force: true });
});

function machineFile(httpPort: number): string {
  return `name: laptop
namespace: laptops
gateways:
  - address: 127.0.0.9
services:
  - host: catalog.shop.svc.cluster.local
    port: 80
    protocol: HTTP1
    identities: [{ serviceAccount: { namespace: shop, name: catalog } }]
adminPort: 15999
httpPort: ${httpPort}
`;
}

/** A certificate of the machine, of an authority of its own. */
function issue(into: string): void {
  mkdirSync(into);
  const name = 'subjectAltName=URI:spiffe://cluster.local/ns/laptops/sa/laptop';
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/O=x'];
  const files = ['-keyout', join(into, 'key.pem'), '-out', join(into, 'cert-chain.pem')];
  const { status, stderr } = spawnSync('openssl', ['req', '-x509', '-days', '10', ...key, '-addext', name, ...files]);
  if (status !== 0) throw new Error(String(stderr));
  chmodSync(join(into, 'key.pem'), 0o600);
  copyFileSync(join(into, 'cert-chain.pem'), join(into, 'root-cert.pem'));
}

function commandOf(args: readonly string[]): readonly string[] {
  return [join(ROOT, 'node_modules/.bin/tsx'), join(ROOT, 'lib/cli/main.ts'), ...args];
}

function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: join(folder, 'home'), TMPDIR: join(folder, 'home') };
}

function meshvm(args: readonly string[], before: readonly string[] = []) {
  const [program, ...rest] = [...before, ...commandOf(args)];
  const { status, stdout, stderr } = spawnSync(program, rest, { encoding: 'utf8', env: environment() });
  return { status, stdout, stderr };
}

const laptop = (action: string, ...args: readonly string[]) =>
  meshvm(['laptop', action, machine, '--hosts', hosts, ...(action === 'start' ? ['--envoy', envoy] : []), ...args]);

/** The status with which Envoy answers a call to the service. */
function call(): string {
  const args = ['-s', '-o', '/dev/null', '-w', '%{http_code}', '-H', 'Host: catalog.shop', 'http://127.0.0.1:15998/'];
  return spawnSync('curl', args, { encoding: 'utf8' }).stdout;
}

function processOf(): number {
  const state = readFileSync(join(folder, 'home/.local/state/meshvm/laptop/laptop/state.json'), 'utf8');
  return (JSON.parse(state) as { process: { pid: number } }).process.pid;
}

test('the real Envoy takes what is written, and refuses what is broken', () => {
  const out = join(folder, 'out');
  expect(meshvm(['envoy', machine, '--check', '--envoy', envoy, '--out', out])).toMatchObject({
    status: 0,
    stderr: '',
    stdout: expect.stringContaining(`${envoy} takes the configuration\n`),
  });
  expect(readdirSync(out).sort()).toStrictEqual(['certificate.yaml', 'envoy.yaml', 'hosts', 'roots.yaml']);
  // A check that cannot fail proves nothing.
  const text = readFileSync(join(out, 'envoy.yaml'), 'utf8').replaceAll('/etc/meshvm-envoy', out);
  writeFileSync(join(out, 'envoy.yaml'), text.replace('port_value: 15998', 'port_value: 159980'));
  expect(spawnSync(envoy, ['--mode', 'validate', '-c', join(out, 'envoy.yaml')]).status).toBe(1);
});

test('an access log and folders that are not here do not matter to the check', () => {
  writeFileSync(machine, `${machineFile(15998)}accessLog: { file: /nowhere/e.log }\ndirectory: C:/meshvm-envoy\n`);
  expect(meshvm(['envoy', machine, '--check', '--envoy', envoy])).toMatchObject({ status: 0, stderr: '' });
});

test('the real Envoy takes a machine file with inbound', () => {
  const inbound = (exposure: string, callers: string) => `inbound:
  exposure: ${exposure}
  ${callers}
  ports:
    - { listenPort: 8443, protocol: HTTP1, applicationPort: 8080, healthCheck: { http: { path: /healthz } } }
    - { listenPort: 9443, protocol: GRPC, applicationPort: 9000, limits: { maxConnections: 5 } }
  health: { port: 8444 }
`;
  const callers =
    'callers: [{ serviceAccount: { namespace: shop, name: checkout } }, { namespace: ops }, { authenticated: true }]';
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
  const jwks = JSON.stringify({ keys: [{ ...key, kid: 'one', alg: 'RS256' }] });
  const tokens = `{ issuer: https://issuer.example, audiences: [billing], jwks: '${jwks}' }`;
  for (const [exposure, who] of [
    ['{ direct: true }', callers],
    ['{ loadBalancer: true }', callers],
    ['{ httpsLoadBalancer: { sourceRanges: [10.1.0.0/16], tlsToMachine: false } }', ''],
    [`{ httpsLoadBalancer: { sourceRanges: [10.1.0.0/16], tokens: ${tokens} } }`, ''],
  ]) {
    writeFileSync(machine, machineFile(15998) + inbound(exposure, who));
    expect(meshvm(['envoy', machine, '--check', '--envoy', envoy])).toMatchObject({ status: 0, stderr: '' });
  }
});

describe('meshvm laptop', () => {
  test('starts once, says so, and stops with nothing left', () => {
    expect(laptop('start')).toMatchObject({
      status: 0,
      stderr: '',
      stdout: `the certificate of spiffe://cluster.local/ns/laptops/sa/laptop is good for 9 more days
Envoy runs (process ${processOf()}). Services:
  catalog.shop.svc.cluster.local:80 at 127.0.0.1:15998
`,
    });
    // The gateway is not there, but Envoy is.
    expect([call(), readFileSync(hosts, 'utf8')]).toStrictEqual(['503', `${HOSTS}\n${BLOCK}`]);
    const pid = processOf();
    expect(laptop('start')).toStrictEqual({
      status: 1,
      stdout: '',
      stderr: `laptop runs already (process ${pid})\n  fix: meshvm laptop stop, before you start it anew\n`,
    });
    expect(laptop('status')).toStrictEqual({
      status: 0,
      stderr: '',
      stdout: `laptop runs (process ${pid}) as spiffe://cluster.local/ns/laptops/sa/laptop. Services:
  catalog.shop.svc.cluster.local:80 at 127.0.0.1:15998
its certificate is good for 9 more days
`,
    });
    expect(laptop('stop')).toStrictEqual({ status: 0, stdout: 'laptop is stopped\n', stderr: '' });
    expect([existsSync(`/proc/${pid}/exe`), call(), readFileSync(hosts, 'utf8')]).toStrictEqual([
      false,
      '000',
      `${HOSTS}\n`,
    ]);
    expect(laptop('stop')).toStrictEqual({ status: 0, stdout: 'laptop does not run\n', stderr: '' });
    expect(laptop('status')).toStrictEqual({ status: 1, stdout: '', stderr: 'laptop does not run\n' });
  });

  test('stops even when its file is no longer good', () => {
    laptop('start');
    writeFileSync(machine, 'name: laptop\nnothing: else\n');
    expect(laptop('stop')).toStrictEqual({ status: 0, stdout: 'laptop is stopped\n', stderr: '' });
  });

  test('starts nothing with a certificate that the mesh would refuse', () => {
    copyFileSync(join(folder, 'other/key.pem'), join(certificates, 'key.pem'));
    const { status, stderr } = laptop('start');
    expect([status, stderr.split('\n', 1)[0]]).toStrictEqual([
      1,
      `${join(certificates, 'key.pem')} is not the key of ${join(certificates, 'cert-chain.pem')}`,
    ]);
    expect([call(), readFileSync(hosts, 'utf8')]).toStrictEqual(['000', HOSTS]);
  });

  test('a port that is taken: Envoy says why, and nothing is left behind', async () => {
    const other = spawn('python3', ['-m', 'http.server', '15998', '--bind', '127.0.0.1'], { stdio: 'ignore' });
    try {
      await until(() => call() !== '000');
      const { status, stderr } = laptop('start');
      expect(status).toBe(1);
      expect(stderr).toMatch(/^Envoy does not run\. Its last lines:\n( {2}\| .*\n)+$/);
      expect(stderr).toContain('Address already in use');
      expect([readFileSync(hosts, 'utf8'), laptop('status').stderr]).toStrictEqual([HOSTS, 'laptop does not run\n']);
    } finally {
      other.kill();
    }
  });

  test('an Envoy that was killed is seen, cleaned up, and started anew', async () => {
    laptop('start');
    const pid = processOf();
    process.kill(pid, 'SIGKILL');
    await until(() => call() === '000');
    const { status, stderr } = laptop('status');
    expect([status, stderr.split('\n')[0]]).toStrictEqual([1, 'Envoy has ended by itself. Its last lines:']);
    expect(laptop('start').status).toBe(0);
    expect([call(), processOf() === pid, readFileSync(hosts, 'utf8')]).toStrictEqual([
      '503',
      false,
      `${HOSTS}\n${BLOCK}`,
    ]);
  });

  test('a broken block is not touched, and Envoy does not stay', () => {
    const broken = `${HOSTS}\n# meshvm-envoy laptop begin\n10.9.9.9 whose\n`;
    writeFileSync(hosts, broken);
    expect(laptop('start')).toMatchObject({ status: 1, stderr: expect.stringContaining('are not one pair') });
    expect([call(), readFileSync(hosts, 'utf8')]).toStrictEqual(['000', broken]);
  });

  test('in the foreground it ends with Ctrl-C, and cleans up', async () => {
    const { child, output } = background([
      'laptop',
      'start',
      machine,
      '--hosts',
      hosts,
      '--envoy',
      envoy,
      '--foreground',
    ]);
    await until(() => output().includes('Envoy runs until you stop it'));
    expect([call(), readFileSync(hosts, 'utf8')]).toStrictEqual(['503', `${HOSTS}\n${BLOCK}`]);
    process.kill(-(child.pid as number), 'SIGINT');
    expect(await ended(child)).toBe(0);
    expect([call(), readFileSync(hosts, 'utf8')]).toStrictEqual(['000', `${HOSTS}\n`]);
  });

  test('in the foreground an Envoy that dies is no success', async () => {
    const { child, output } = background([
      'laptop',
      'start',
      machine,
      '--hosts',
      hosts,
      '--envoy',
      envoy,
      '--foreground',
    ]);
    await until(() => output().includes('Envoy runs until you stop it'));
    process.kill(processOf(), 'SIGKILL');
    expect(await ended(child)).toBe(1);
    expect(output()).toContain('Envoy has ended by itself, status SIGKILL; its last lines are above\n');
    expect(readFileSync(hosts, 'utf8')).toBe(`${HOSTS}\n`);
  });
});

describe('meshvm laptop without root', () => {
  const AS_NOBODY = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--no-new-privs'];
  const asNobody = (action: string, ...args: readonly string[]) =>
    meshvm(['laptop', action, machine, ...args, ...(action === 'start' ? ['--envoy', envoy] : [])], AS_NOBODY);

  beforeEach(() => {
    const own = (path: string): void => {
      chownSync(path, NOBODY, NOBODY);
      for (const entry of readdirSync(path, { withFileTypes: true })) {
        const child = join(path, entry.name);
        if (entry.isDirectory()) own(child);
        else chownSync(child, NOBODY, NOBODY);
      }
    };
    own(join(folder, 'home'));
  });

  test("runs, and says which lines the system's hosts file lacks", () => {
    const file = join(folder, 'hosts');
    writeFileSync(file, HOSTS);
    const { status, stderr } = asNobody('start', '--hosts', file);
    const configuration = join(folder, 'home/.config/meshvm/laptop/laptop');
    expect([status, stderr, call()]).toStrictEqual([
      0,
      `${file} may not be written, so names of services do not lead to Envoy yet. These lines are missing:
${BLOCK}  fix: sudo tee -a ${file} < ${configuration}/hosts
`,
      '503',
    ]);
    expect(asNobody('status', '--hosts', file)).toMatchObject({
      status: 1,
      stderr: `${file} lacks the lines of laptop\n  fix: sudo tee -a ${file} < ${configuration}/hosts\n`,
    });
    // What the user is told to do, both times.
    spawnSync('sh', ['-c', `printf '\\n' >>${file}; tee -a ${file} < ${configuration}/hosts`]);
    expect(asNobody('status', '--hosts', file).status).toBe(0);
    const stopped = asNobody('stop', '--hosts', file);
    expect([stopped.status, stopped.stdout]).toStrictEqual([1, 'laptop is stopped\n']);
    const command = /fix: sudo (.*)\n/.exec(stopped.stderr)?.[1] ?? 'false';
    spawnSync('sh', ['-c', command]);
    expect(readFileSync(file, 'utf8')).toBe(`${HOSTS}\n`);
    expect(asNobody('stop', '--hosts', file)).toStrictEqual({ status: 0, stdout: 'laptop does not run\n', stderr: '' });
  });

  test('writes a hosts file of its own', () => {
    expect(asNobody('start', '--hosts', hosts)).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(hosts, 'utf8')).toBe(`${HOSTS}\n${BLOCK}`);
    expect(asNobody('stop', '--hosts', hosts)).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(hosts, 'utf8')).toBe(`${HOSTS}\n`);
  });

  test('says what a low port needs', () => {
    // Containers often let everybody open low ports.
    const before = [
      'unshare',
      '--net',
      'sh',
      '-c',
      'echo 1024 >/proc/sys/net/ipv4/ip_unprivileged_port_start; ip link set lo up; exec "$@"',
      'sh',
    ];
    writeFileSync(machine, machineFile(80));
    const { status, stderr } = meshvm(
      ['laptop', 'start', machine, '--hosts', hosts, '--envoy', envoy],
      [...before, ...AS_NOBODY],
    );
    expect(status).toBe(1);
    expect(stderr).toContain('Permission denied');
    expect(stderr).toMatch(
      /fix: choose ports from 1024 in the machine file \(80 need more rights\), or start it with sudo\n$/,
    );
  });
});

function background(args: readonly string[]) {
  const [program, ...rest] = commandOf(args);
  const child = spawn(program, rest, { env: environment(), detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (text += String(data)));
  return { child, output: () => text };
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', resolve));
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('it did not come to be');
}
