import { createSocket, type Socket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { type ConnectionOptions, connect } from 'node:tls';
import {
  type GatewayAddress,
  MeshIdentity,
  NameResolution,
  ServiceProtocol,
  StandaloneService,
  type StandaloneServiceOptions,
} from 'meshvm';
import { eventually, type Gateway, runCommand } from './harness';
import { Authority, type CertificateFiles } from './machines/authority';
import { type StandaloneMachine, StandaloneMesh } from './machines/standalone';
import { GRPC_CLIENT } from './machines/standalone-services';

const HOST = 'payment-service.payments.svc.cluster.local';
const SERVER = 'spiffe://cluster.local/ns/payments/sa/payment-service';
const TILL = 'spiffe://cluster.local/ns/till/sa/till';
/** By which the gateway finds the HTTP service. */
const SNI = `outbound_.8080_._.${HOST}`;
const SHARED = 'http://127.0.0.1:15080/';

let mesh: StandaloneMesh;
let gateway: Gateway;
let gateways: readonly GatewayAddress[];
let stranger: Authority;
let nameServer: Socket;
/** May call, and calls all three services. */
let till: StandaloneMachine;

beforeAll(async () => {
  mesh = await StandaloneMesh.start();
  gateway = await mesh.startGateway();
  gateways = [{ address: gateway.address }];
  stranger = Authority.create('mesh');
  nameServer = await startNameServer(mesh.controlPlane.lan.hostAddress);
  till = await mesh.machine('till', {
    gateways,
    services: [
      group({ port: 8080 }),
      group({ port: 9000, localPort: 9000 }),
      group({ port: 5432, localPort: 5432 }),
      StandaloneService.group(mesh.group, { port: 8080, localPort: 8080, subset: 'unknown' }),
    ],
    metrics: { address: '0.0.0.0' },
  });
  await mesh.allow(till.envoy);
  till.renew();
  await till.start();
  await eventually(200, async () => (await till.call(SHARED, ['-H', `Host: ${HOST}`])).status);
});

afterAll(async () => {
  nameServer?.close();
  await mesh?.stop();
  stranger?.remove();
});

describe('who calls, as the sidecar of the service saw it', () => {
  test('an HTTP service', async () => {
    const certificate = till.renew();
    const hash = certificate.fingerprint256.replaceAll(':', '').toLowerCase();
    // A connection keeps the certificate that it began with.
    const another = ['-H', `Host: ${HOST}`];
    await eventually(`By=${SERVER};Hash=${hash};Subject="O=machine";URI=${TILL}`, async () => {
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => till.headers(`${SHARED}delay?ms=300`, another)),
      );
      return answers.map((headers) => headers?.['x-forwarded-client-cert']).find((seen) => seen?.includes(hash));
    });
  });

  test('a gRPC service', async () => {
    const headers = JSON.parse(await till.script(GRPC_CLIENT, 'payment-service.payments:9000'));
    expect(headers['x-forwarded-client-cert']).toMatch(new RegExp(`^By=${SERVER};Hash=[0-9a-f]{64};.*;URI=${TILL}$`));
  });

  test('a TCP service', async () => {
    expect(await greeting(till, 'payment-service.payments:5432')).toBe('hello');
    await eventually(true, async () =>
      readFileSync(mesh.services.process.logFile, 'utf8').includes(`PORT=5432 CALLER=${TILL}\n`),
    );
  });

  test('and not what a client on the machine says of it', async () => {
    const forged = ['-H', `Host: ${HOST}`, '-H', 'x-forwarded-client-cert: URI=spiffe://cluster.local/ns/a/sa/admin'];
    const seen = (await till.headers(SHARED, forged))?.['x-forwarded-client-cert'];
    expect([seen?.includes(`;URI=${TILL}`), seen?.includes('admin')]).toEqual([true, false]);
  });
});

describe('who is refused', () => {
  test('another identity of the mesh', async () => {
    const other = await machine('other', [group({ port: 8080 }), group({ port: 5432, localPort: 5432 })]);
    await eventually(403, async () => (await other.call(SHARED, ['-H', `Host: ${HOST}`])).status);
    expect(await greeting(other, 'payment-service.payments:5432')).toBe('');
    await mesh.allow(other.envoy);
    await eventually(200, async () => (await other.call(SHARED, ['-H', `Host: ${HOST}`])).status);
  });

  test('a machine whose certificate is of another authority', async () => {
    const forger = await mesh.machine('forger', { gateways, services: [group({ port: 8080 })] });
    // With the roots of the mesh: it is the server that refuses.
    mesh.authority.install(forger.host.certificates, stranger.issue(`URI:${TILL}`));
    await forger.start();
    await eventually(503, async () => (await forger.call(`${SHARED}forged`, ['-H', `Host: ${HOST}`])).status);
    expect(await forger.logged('/forged')).toMatchObject({ upstream_peer: SERVER, response_flags: 'UC' });
    const shown = read(stranger.issue(`URI:${TILL}`));
    expect(await overTls({ servername: SNI, ...shown })).toBe('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA');
  });

  test('a server whose certificate is of another authority', async () => {
    const careful = await mesh.machine('careful', { gateways, services: [group({ port: 8080 })] });
    stranger.install(careful.host.certificates, mesh.authority.issue(`URI:${careful.envoy.spiffeId}`));
    await careful.start();
    await eventually(503, async () => (await careful.call(`${SHARED}root`, ['-H', `Host: ${HOST}`])).status);
    expect(await careful.logged('/root')).toMatchObject({
      response_flags: 'URX,UF',
      upstream_transport_failure_reason: expect.stringContaining('CERTIFICATE_VERIFY_FAILED'),
    });
  });

  test('a server of the mesh that is not who it should be', async () => {
    const identities = [MeshIdentity.serviceAccount('payments', 'ledger')];
    const wrong = await machine('wrong', [
      StandaloneService.fromHost(HOST, { port: 8080, protocol: ServiceProtocol.HTTP1, identities }),
    ]);
    expect((await wrong.call(`${SHARED}san`, ['-H', `Host: ${HOST}`])).status).toBe(503);
    expect(await wrong.logged('/san')).toMatchObject({
      upstream_cluster: `outbound|8080||${HOST}`,
      response_flags: 'URX,UF',
      upstream_transport_failure_reason: expect.stringContaining('CERTIFICATE_VERIFY_FAILED'),
    });
    expect(await wrong.stat(`cluster.outbound|8080||${HOST};.ssl.fail_verify_san`)).toBeGreaterThan(0);
  });

  test('plain text, and TLS without a certificate', async () => {
    expect((await till.call(`http://${mesh.services.address}:8080/`)).status).toBe(0);
    expect((await till.call(`http://${gateway.address}:15443/`)).status).toBe(0);
    expect(await overTls({ servername: SNI })).toBe('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED');
    expect(await overTls({ servername: SNI, ...read(mesh.authority.issue(`URI:${TILL}`)) })).toBe('HTTP/1.1 200 OK');
  });
});

describe('names', () => {
  test('a hosts block leads clients to the Envoy beside them', async () => {
    for (const name of [HOST, 'payment-service.payments.svc', 'payment-service.payments']) {
      expect([name, (await till.headers(`http://${name}:15080/`))?.host]).toEqual([name, `${HOST}:8080`]);
    }
  });

  test('one listener tells services apart by the Host header, and knows no others', async () => {
    const status = async (name: string) => (await till.call(SHARED, ['-H', `Host: ${name}`])).status;
    expect(await status(`${HOST}:8080`)).toBe(200);
    expect(await status(`${HOST}:9000`)).toBe(404);
    expect(await status('ledger.payments')).toBe(404);
    expect((await till.call(SHARED)).status).toBe(404);
  });

  test('a listener of one service takes any Host header', async () => {
    const one = await machine('one', [group({ port: 8080, localPort: 8080 })]);
    await mesh.allow(one.envoy);
    await eventually(`${HOST}:8080`, async () => (await one.headers('http://127.0.0.1:8080/'))?.host);
  });

  test("a subset that the gateway doesn't know leads nowhere", async () => {
    expect((await till.call('http://127.0.0.1:8080/')).status).toBe(503);
  });

  test('a gateway may be a name', async () => {
    const named = await mesh.machine('named', {
      gateways: [{ address: 'eastwest.example.com' }],
      services: [group({ port: 8080 })],
    });
    named.host.host.setHosts({ 'eastwest.example.com': gateway.address });
    await mesh.allow(named.envoy);
    named.renew();
    await named.start();
    await eventually(200, async () => (await named.call('http://payment-service.payments:15080/')).status);
  });

  test("Envoy's DNS server answers for services, and asks another for the rest", async () => {
    const upstreams = [mesh.controlPlane.lan.hostAddress];
    const resolving = await machine('resolving', [group({ port: 8080 })], NameResolution.dnsFilter({ upstreams }));
    expect(resolving.envoy.files()).not.toHaveProperty('hosts');
    for (const name of [HOST, 'payment-service.payments.svc', 'payment-service.payments']) {
      expect([name, await lookUp(resolving, name)]).toEqual([name, '127.0.0.1']);
    }
    expect(await lookUp(resolving, 'elsewhere.example.com')).toBe('192.0.2.7');
    const alone = await machine('alone', [group({ port: 8080 })], NameResolution.dnsFilter());
    expect(await lookUp(alone, HOST)).toBe('127.0.0.1');
    expect(await lookUp(alone, 'elsewhere.example.com')).toBe('ENOTFOUND');
  });
});

describe('who comes from elsewhere', () => {
  const METRICS = '/stats/prometheus';

  test('reads metrics, and can do nothing else of the admin interface', async () => {
    const outside = await mesh.controlPlane.lan.addHost('outside');
    const url = `http://${till.host.address}:15090`;
    const status = async (path: string, ...options: readonly string[]) => {
      const { args } = outside.command('curl', ['-s', '-o', '/dev/null', '-m', '5', '-w', '%{http_code}', ...options]);
      return (await runCommand('ip', [...args, `${url}${path}`])).stdout;
    };
    expect(await status(METRICS)).toBe('200');
    expect(await status('/quitquitquit', '-X', 'POST')).toBe('404');
    expect(await status(METRICS, '-X', 'POST')).toBe('404');
    for (const path of ['/', '/config_dump', '/certs', '/stats', `${METRICS}/`, `${METRICS}/../../config_dump`]) {
      expect([path, await status(path, '--path-as-is')]).toEqual([path, '404']);
    }
    const escaped = ['/stats%2fprometheus', '/stats/prometheus/%2e%2e/%2e%2e/quitquitquit', '//stats/prometheus'];
    for (const path of escaped) expect([path, await status(path, '--path-as-is')]).toEqual([path, '404']);
    expect(till.process.running).toBe(true);
    const { body } = await till.call(`${url}${METRICS}`);
    expect(body).toContain(`envoy_cluster_upstream_rq_total{cluster_name="outbound|8080||${HOST}"}`);
  });

  test('reaches neither the admin interface nor the services', async () => {
    for (const port of [15000, 15080, 9000, 5432]) {
      expect([port, await reachable(till.host.address, port)]).toEqual([port, false]);
    }
    expect(await reachable(till.host.address, 15090)).toBe(true);
  });
});

function group(options: StandaloneServiceOptions): StandaloneService {
  return StandaloneService.group(mesh.group, options);
}

/** A machine with a certificate of its identity, that runs. */
async function machine(
  name: string,
  services: readonly StandaloneService[],
  nameResolution?: NameResolution,
): Promise<StandaloneMachine> {
  const made = await mesh.machine(name, { gateways, services, nameResolution });
  made.renew();
  await made.start();
  return made;
}

/** What a server of TCP answers; empty when it says nothing. */
async function greeting(from: StandaloneMachine, address: string): Promise<string> {
  const [host, port] = address.split(':');
  const script = `
    let all = '';
    const socket = require('node:net').connect(Number(process.argv[2]), process.argv[1]);
    socket.write('hello?');
    socket.on('data', (data) => { all += data; }).on('error', () => {}).on('close', () => process.stdout.write(all));
  `;
  return (await from.script(script, host, port)).trim();
}

/** The first line of the answer to a request through the gateway, with TLS of our own; the code of the error when there is none. */
function overTls(options: ConnectionOptions): Promise<string> {
  const to = { host: gateway.address, port: 15443, ALPNProtocols: ['istio-http/1.1', 'istio', 'http/1.1'] };
  return new Promise((resolve) => {
    const socket = connect({ ...to, rejectUnauthorized: false, ...options });
    socket.write(`GET / HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`);
    socket.once('data', (data) => resolve(String(data).split('\r\n')[0]));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
    socket.once('close', () => resolve('closed'));
  });
}

function read({ certificate, key }: CertificateFiles): ConnectionOptions {
  return { cert: readFileSync(certificate), key: readFileSync(key) };
}

/** The address that Envoy's DNS server knows for a name, or the code of the error. */
function lookUp(on: StandaloneMachine, name: string): Promise<string> {
  const script = `
    const resolver = new (require('node:dns').promises.Resolver)({ timeout: 3000, tries: 1 });
    resolver.setServers(['127.0.0.1:15053']);
    resolver.resolve4(process.argv[1]).then((found) => found.join(' '), ({ code }) => code).then((text) => process.stdout.write(text));
  `;
  return on.script(script, name);
}

function reachable(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTcp({ host, port, timeout: 3000 });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket
      .on('connect', () => end(true))
      .on('error', () => end(false))
      .on('timeout', () => end(false));
  });
}

/** A name server that knows one address for all names. */
async function startNameServer(address: string): Promise<Socket> {
  const server = createSocket('udp4');
  server.on('message', (query, from) => {
    const question = query.subarray(12, query.indexOf(0, 12) + 5);
    const header = Buffer.concat([query.subarray(0, 2), Buffer.from('81800001000100000000', 'hex')]);
    const answer = Buffer.from('c00c000100010000003c0004c0000207', 'hex');
    const empty = Buffer.concat([query.subarray(0, 2), Buffer.from('81800001000000000000', 'hex'), question]);
    const isA = question.readUInt16BE(question.length - 4) === 1;
    server.send(isA ? Buffer.concat([header, question, answer]) : empty, from.port, from.address);
  });
  await new Promise<void>((resolve) => server.bind(53, address, resolve));
  return server;
}
