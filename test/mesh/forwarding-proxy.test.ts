import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { ForwardingProxyGroup, MeshIdentity, ProxyClients, ServiceProtocol, StandaloneService } from 'meshvm';
import { eventually, type Gateway, type KubernetesObject, type NetworkHost, runCommand } from './harness';
import { Authority, type CertificateFiles } from './machines/authority';
import { EnvoyHost } from './machines/inbound';
import { StandaloneMesh } from './machines/standalone';

/** HTTP answers with the headers that arrive; TCP greets whoever connects, and then repeats what it hears. */
const APPLICATION = `
require('node:http').createServer({ keepAliveTimeout: 0 }, (request, response) => {
  response.end(JSON.stringify(request.headers));
}).listen(Number(process.argv[2]), '0.0.0.0');
require('node:net').createServer((socket) => {
  socket.on('error', () => {});
  socket.write('welcome ');
  socket.once('data', (data) => socket.end(data));
}).listen(5432, '0.0.0.0');
`;
const HTTP = 8080;
const TCP = 5432;
/** By which clients dial the proxies, and which their certificate carries. */
const NAME = 'proxies.example.com';

let mesh: StandaloneMesh;
let gateway: Gateway;
/** Who issues certificates between clients and proxies; the mesh knows nothing of it. */
let office: Authority;
let stranger: Authority;
let inside: NetworkHost;
let outside: NetworkHost;

beforeAll(async () => {
  mesh = await StandaloneMesh.start({ application: APPLICATION });
  gateway = await mesh.startGateway();
  office = Authority.create('office');
  stranger = Authority.create('office');
  inside = await mesh.controlPlane.lan.addHost('inside');
  outside = await mesh.controlPlane.lan.addHost('outside');
});

afterAll(async () => {
  await mesh?.stop();
  office?.remove();
  stranger?.remove();
});

describe('clients by their addresses', () => {
  let proxy: RunningProxy;

  beforeAll(async () => {
    proxy = await RunningProxy.start('addresses', ProxyClients.addresses([`${inside.address}/32`, '192.0.2.0/24']));
    await eventually(200, async () => (await proxy.http(inside)).status);
  });

  test('are the ServiceAccount of the proxies to the called workload', async () => {
    const { headers } = await proxy.http(inside, [
      '-H',
      'x-forwarded-client-cert: URI=spiffe://cluster.local/ns/a/sa/b',
    ]);
    expect(callerIn(headers)).toBe('spiffe://cluster.local/ns/proxies/sa/addresses');
    expect(await proxy.greeting(inside)).toBe('welcome and back');
    await eventually(true, async () =>
      readFileSync(mesh.services.process.logFile, 'utf8').includes(
        'PORT=5432 CALLER=spiffe://cluster.local/ns/proxies/sa/addresses\n',
      ),
    );
  });

  test('from elsewhere are cut off, counted, and never get through', async () => {
    const counts = async () => [
      await proxy.stat(`listener.0.0.0.0_${HTTP}.no_filter_chain_match`),
      await proxy.stat(`listener.0.0.0.0_${TCP}.no_filter_chain_match`),
      await proxy.connections(),
    ];
    const [http, tcp, through] = await counts();
    expect((await proxy.http(outside)).status).toBe(0);
    // What a server says first would have been heard by who is refused at his first byte.
    expect(await proxy.greeting(outside)).toBe('');
    expect(await counts()).toStrictEqual([http + 1, tcp + 1, through]);
    expect(await proxy.greeting(inside)).toBe('welcome and back');
    expect(await counts()).toStrictEqual([http + 1, tcp + 1, through + 1]);
  });

  test('from elsewhere get the handshake of TCP, which health checks of load balancers ask for', async () => {
    expect(await proxy.takesHandshake(outside, HTTP)).toBe(true);
    expect(await proxy.takesHandshake(outside, 15000)).toBe(false);
  });
});

describe('clients by their certificates', () => {
  const URI = 'URI:spiffe://example.com/batch';
  let proxy: RunningProxy;

  beforeAll(async () => {
    const identities = [MeshIdentity.spiffe('spiffe://example.com/batch')];
    const clients = ProxyClients.certificates({ identities, dnsNames: ['batch.example.com'] });
    proxy = await RunningProxy.start('certificates', clients);
    await eventually(200, async () => (await proxy.https(outside, office.issue(URI))).status);
  });

  test.each([URI, 'DNS:batch.example.com'])(
    'with the right name, %s, are the proxies to the called workload',
    async (name) => {
      const shown = office.issue(name);
      const { status, headers } = await proxy.https(outside, shown);
      expect([status, callerIn(headers)]).toStrictEqual([200, 'spiffe://cluster.local/ns/proxies/sa/certificates']);
      expect(await proxy.greetingOverTls(outside, shown)).toBe('welcome and back');
    },
  );

  test.each<[string, string, () => CertificateFiles | undefined]>([
    ['another name', 'fail_verify_san', () => office.issue('URI:spiffe://example.com/other')],
    ['the name in another kind', 'fail_verify_san', () => office.issue('URI:batch.example.com')],
    ['the name by another authority', 'fail_verify_error', () => stranger.issue(URI)],
    ['the name by the authority of the mesh', 'fail_verify_error', () => mesh.authority.issue(URI)],
    ['no certificate', 'fail_verify_no_cert', () => undefined],
  ])('with %s are refused, and counted', async (_, counter, show) => {
    const stats = [HTTP, TCP].map((port) => `listener.0.0.0.0_${port}.ssl.${counter}`);
    const count = () => Promise.all(stats.map((stat) => proxy.stat(stat)));
    const [before, connections] = [await count(), await proxy.connections()];
    const shown = show();
    expect((await proxy.https(outside, shown)).status).toBe(0);
    expect(await proxy.greetingOverTls(outside, shown)).toBe('');
    expect(await count()).toStrictEqual(before.map((value) => value + 1));
    expect(await proxy.connections()).toBe(connections);
  });

  test('that speak plain text are refused', async () => {
    const stats = [HTTP, TCP].map((port) => `listener.0.0.0.0_${port}.ssl.connection_error`);
    const count = () => Promise.all(stats.map((stat) => proxy.stat(stat)));
    const [before, connections] = [await count(), await proxy.connections()];
    expect((await proxy.http(outside)).status).toBe(0);
    // There may be an alert of TLS.
    expect(await proxy.greeting(outside)).not.toContain('welcome');
    expect(await count()).toStrictEqual(before.map((value) => value + 1));
    expect(await proxy.connections()).toBe(connections);
  });

  test('are shown a certificate for the name that they dial, and not that of the mesh', async () => {
    const shown = office.issue(URI);
    expect((await proxy.https(outside, shown, mesh.authority)).exitCode).toBe(UNTRUSTED);
    expect((await proxy.https(outside, shown, office, 'other.example.com')).exitCode).toBe(UNTRUSTED);
  });
});

/** What curl says of a server that it does not believe. */
const UNTRUSTED = 60;

/** What a client got; status 0 when there was no answer. */
interface Answer {
  readonly status: number;
  readonly exitCode: number;
  /** Headers of the request as they came to the application. */
  readonly headers: Readonly<Record<string, string>>;
}

/** One of a group's proxies. */
class RunningProxy {
  /** Makes a group that the called workload lets in, and starts one of its machines. */
  static async start(name: string, clients: ProxyClients): Promise<RunningProxy> {
    const host = await EnvoyHost.create(mesh.controlPlane, name);
    const chart = new Chart(new App(), name, { namespace: 'proxies' });
    const group = new ForwardingProxyGroup(chart, name, {
      mesh: mesh.group.mesh,
      gateways: [{ address: gateway.address }],
      services: [
        StandaloneService.group(mesh.group, { port: HTTP, localPort: HTTP, protocol: ServiceProtocol.HTTP1 }),
        StandaloneService.group(mesh.group, { port: TCP, localPort: TCP, protocol: ServiceProtocol.TCP }),
      ],
      clients,
      directory: host.directory,
    });
    await mesh.controlPlane.client.mustApply(chart.toJson() as KubernetesObject[]);
    await mesh.allow(group);
    mesh.authority.install(host.certificates, mesh.authority.issue(`URI:${group.spiffeId}`));
    installOwn(host.certificates, office.issue(`DNS:${NAME}`));
    await host.startEnvoy(group.files());
    return new RunningProxy(host);
  }

  private constructor(private readonly host: EnvoyHost) {}

  /** A request of a client in plain text. */
  http(from: NetworkHost, options: readonly string[] = []): Promise<Answer> {
    return curl(from, [...options, `http://${this.host.address}:${HTTP}/`]);
  }

  /** A request of a client with a certificate, or without one, that believes the servers of an authority. */
  https(from: NetworkHost, shown: CertificateFiles | undefined, believed = office, name = NAME): Promise<Answer> {
    const resolve = ['--resolve', `${name}:${HTTP}:${this.host.address}`, '--cacert', believed.rootFile];
    const own = shown === undefined ? [] : ['--cert', shown.certificate, '--key', shown.key];
    return curl(from, [...resolve, ...own, `https://${name}:${HTTP}/`]);
  }

  /** What the server of TCP says; empty when it says nothing. */
  greeting(from: NetworkHost): Promise<string> {
    return script(from, `require('node:net').connect(${TCP}, '${this.host.address}')`);
  }

  greetingOverTls(from: NetworkHost, shown: CertificateFiles | undefined): Promise<string> {
    const file = (path: string) => `require('node:fs').readFileSync(${JSON.stringify(path)})`;
    const own = shown === undefined ? '' : `cert: ${file(shown.certificate)}, key: ${file(shown.key)},`;
    const to = `host: '${this.host.address}', port: ${TCP}, servername: '${NAME}'`;
    return script(from, `require('node:tls').connect({ ${to}, ${own} ca: ${file(office.rootFile)} })`);
  }

  async takesHandshake(from: NetworkHost, port: number): Promise<boolean> {
    const text = await script(
      from,
      `require('node:net').connect(${port}, '${this.host.address}').on('connect', () => process.stdout.write('connected'))`,
    );
    return text.startsWith('connected');
  }

  /** A counter of Envoy. */
  async stat(name: string): Promise<number> {
    const line = this.host.host.command('curl', ['-s', `http://127.0.0.1:15000/stats?filter=^${name}$`]);
    const found = /: (\d+)/.exec((await runCommand(line.command, line.args)).stdout);
    if (found === null) throw new Error(`There is no ${name}.`);
    return Number(found[1]);
  }

  /** Connections that it has made to the gateway so far. */
  async connections(): Promise<number> {
    const line = this.host.host.command('curl', ['-s', 'http://127.0.0.1:15000/stats?filter=upstream_cx_total']);
    const { stdout } = await runCommand(line.command, line.args);
    const made = [...stdout.matchAll(/^cluster\.outbound\|.*upstream_cx_total: (\d+)$/gm)];
    if (made.length !== 2) throw new Error(`Two services were expected: ${stdout}`);
    return made.reduce((sum, [, count]) => sum + Number(count), 0);
  }
}

/** What proxies show their clients, and by whom those must be known. */
function installOwn(folder: string, { certificate, key }: CertificateFiles): void {
  mkdirSync(folder, { recursive: true });
  const wanted = { 'server-cert-chain.pem': certificate, 'server-key.pem': key, 'client-roots.pem': office.rootFile };
  for (const [name, source] of Object.entries(wanted)) {
    writeFileSync(join(folder, name), readFileSync(source), { mode: 0o600 });
  }
}

async function curl(from: NetworkHost, options: readonly string[]): Promise<Answer> {
  const line = from.command('curl', ['-s', '-m', '10', '-w', '\n%{http_code}', ...options]);
  const { stdout, exitCode } = await runCommand(line.command, line.args, { allowFailure: true });
  const end = stdout.lastIndexOf('\n');
  const status = Number(stdout.slice(end + 1));
  return { status, exitCode, headers: status === 200 ? JSON.parse(stdout.slice(0, end)) : {} };
}

/** What arrives at a client of node before the connection ends. */
async function script(from: NetworkHost, connect: string): Promise<string> {
  const text = `
    const socket = ${connect};
    socket.write('and back');
    socket.setTimeout(10000, () => socket.destroy());
    socket.on('data', (data) => process.stdout.write(data)).on('error', () => {});
  `;
  const line = from.command(process.execPath, ['-e', text]);
  return (await runCommand(line.command, line.args, { allowFailure: true })).stdout.trim();
}

/** Who called, as the sidecar of the called workload saw it: of several, the last is what it has added itself. */
function callerIn(headers: Readonly<Record<string, string>>): string | undefined {
  return /URI=([^;,"]*)$/.exec(headers['x-forwarded-client-cert'] ?? '')?.[1];
}
