import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import {
  Caller,
  ControlPlane as ControlPlaneForMachines,
  GroupServiceAccount,
  type InboundCalls,
  InboundExposure,
  Mesh,
  ServiceHealthCheck,
  ServiceProtocol,
  StandaloneEnvoy,
  type StandaloneEnvoyProps,
} from 'meshvm';
import { ControlPlane, eventually, type JsonObject, type KubernetesObject, runCommand, webToken } from './harness';
import { Authority, type CertificateFiles } from './machines/authority';
import type { Computer } from './machines/computer';
import { APPLICATIONS, EnvoyHost } from './machines/inbound';
import { loadBalancer } from './machines/load-balancer';
import { startPod } from './machines/pod';
import { GRPC_CLIENT, SERVICES } from './machines/standalone-services';

const MESH = new Mesh({ meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1' });
const BILLING = 'spiffe://cluster.local/ns/machines/sa/billing';
const CHECKOUT = 'spiffe://cluster.local/ns/callers/sa/checkout';
/** Virtual addresses of the hosts, which no machine has. */
const BILLING_ADDRESS = '240.0.0.1';
const HTTPS_ADDRESS = '240.0.0.2';
const NETWORK_ADDRESS = '240.0.0.3';
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

let authority: Authority;
let publicAuthority: Authority;
let controlPlane: ControlPlane;
let billing: EnvoyHost;
let reports: EnvoyHost;
let balancer: EnvoyHost;
/** May call. */
let checkout: Computer;
/** May not. */
let stranger: Computer;
/** Access log of `billing`. */
let billingLog: string;

beforeAll(async () => {
  authority = Authority.create('mesh');
  publicAuthority = Authority.create('public');
  controlPlane = await ControlPlane.start({
    operator: new ControlPlaneForMachines({ mesh: MESH }).istioOperator() as JsonObject,
    network: MESH.network,
    lan: true,
    istiodEnv: { ROOT_CA_DIR: authority.folder },
  });
  billing = await EnvoyHost.create(controlPlane, 'billing');
  reports = await EnvoyHost.create(controlPlane, 'reports');
  balancer = await EnvoyHost.create(controlPlane, 'balancer');
  // First, so that they know the load balancer's names before their sidecars ask for them.
  [checkout, stranger] = await Promise.all([startCaller('checkout'), startCaller('stranger')]);
  await Promise.all([startBilling(), startReports(), startBalancer()]);
});

afterAll(async () => {
  await controlPlane?.stop();
  authority?.remove();
  publicAuthority?.remove();
});

describe('a machine that the mesh calls', () => {
  test('takes requests of whom it knows, and sees who it is', async () => {
    await eventually(200, async () => (await call(checkout, 'http://billing.example.com:8080/')).status);
    const { headers } = await call(checkout, 'http://billing.example.com:8080/');
    expect(headers['x-forwarded-client-cert']).toMatch(new RegExp(`^By=${BILLING};Hash=[0-9a-f]+;.*URI=${CHECKOUT}$`));
    expect(headers.host).toBe('billing.example.com:8080');
    await eventually([CHECKOUT], () => Promise.resolve(callersInLog()));
  });

  test('over HTTP/2 too', async () => {
    await eventually(
      200,
      async () => (await call(checkout, 'http://billing.example.com:8081/', PRIOR_KNOWLEDGE)).status,
    );
  });

  test('and gRPC', async () => {
    await eventually(CHECKOUT, () => grpcCaller(checkout));
  });

  test('as sidecars with all of their filters offer it', async () => {
    const known = authority.issue(`URI:${CHECKOUT}`);
    const client = `openssl s_client -connect ${billing.address}:8080 -cert ${known.certificate} -key ${known.key}`;
    const offer = "-alpn 'istio-peer-exchange,istio-http/1.1,istio,http/1.1' -ign_eof";
    const request = "printf 'GET / HTTP/1.1\\r\\nHost: billing\\r\\nConnection: close\\r\\n\\r\\n'";
    const output = await run(`${request} | timeout 10 ${client} ${offer} 2>&1`);
    expect(output).toContain('ALPN protocol: istio-http/1.1');
    expect(output).toContain('HTTP/1.1 200 OK');
  });

  test('and connections', async () => {
    await eventually('hello\nping', () => greeting(checkout));
  });

  test('answers 403 to others of the mesh, and says nothing to their connections', async () => {
    await eventually(403, async () => (await call(stranger, 'http://billing.example.com:8080/')).status);
    await eventually(
      403,
      async () => (await call(stranger, 'http://billing.example.com:8081/', PRIOR_KNOWLEDGE)).status,
    );
    // PERMISSION_DENIED
    await eventually('7', () => grpcCaller(stranger));
    expect(await greeting(stranger)).toBe('');
  });

  test('refuses plain text, TLS without a certificate, and certificates of another authority', async () => {
    const url = billingUrl();
    const known = authority.issue(`URI:${CHECKOUT}`);
    const forged = publicAuthority.issue(`URI:${CHECKOUT}`);
    expect((await curl(`-k ${shown(known)} ${url}`)).status).toBe(200);
    expect((await curl(`http://${billing.address}:8080/`)).status).toBe(0);
    expect((await curl(`-k ${url}`)).status).toBe(0);
    expect((await curl(`-k ${shown(forged)} ${url}`)).status).toBe(0);
  });

  test("passes on what it knows of a client's certificate, never what the client says of it", async () => {
    const known = shown(authority.issue(`URI:${CHECKOUT}`));
    const spoofed = "-H 'x-forwarded-client-cert: URI=spiffe://cluster.local/ns/callers/sa/admin'";
    const { headers } = await curl(`-k ${known} ${spoofed} ${billingUrl()}`);
    expect(headers['x-forwarded-client-cert']).toContain(`URI=${CHECKOUT}`);
    expect(headers['x-forwarded-client-cert']).not.toContain('admin');
  });

  test('gives a request up after its timeout', async () => {
    expect((await call(checkout, 'http://billing.example.com:8080/slow')).status).toBe(504);
  });

  test('tells load balancers its health and nothing else', async () => {
    const health = `http://${billing.address}:15021`;
    const probe = async (path: string) => (await run(`curl -s -m 5 -i ${health}${path}`)).replaceAll('\r', '');
    await eventually('HTTP/1.1 200 OK', async () => (await probe('/healthz')).split('\n')[0]);
    const names = (await probe('/healthz'))
      .split('\n')
      .slice(1)
      .map((line) => line.split(':')[0]);
    expect(names.filter((name) => !['', 'content-length', 'date'].includes(name))).toEqual([]);
    expect((await probe('/stats')).split('\n')[0]).toBe('HTTP/1.1 404 Not Found');
    const down = join(controlPlane.workspace.folder, 'down');
    writeFileSync(down, '');
    await eventually('HTTP/1.1 503 Service Unavailable', async () => (await probe('/healthz')).split('\n')[0]);
    rmSync(down);
    await eventually('HTTP/1.1 200 OK', async () => (await probe('/healthz')).split('\n')[0]);
  });

  test('shows a renewed certificate at once, and no request fails meanwhile', async () => {
    const before = await serial();
    const load = hammer('http://billing.example.com:8080/');
    authority.install(billing.certificates, authority.issue(`URI:${BILLING}`));
    await eventually(true, async () => (await serial()) !== before);
    await load.enough();
    expect(await load.stop()).toEqual(['200']);
  });

  test("is refused by its callers' sidecars once it shows another identity", async () => {
    authority.install(billing.certificates, authority.issue('URI:spiffe://cluster.local/ns/machines/sa/other'));
    await billing.restartEnvoy();
    await eventually(503, async () => (await call(checkout, 'http://billing.example.com:8080/')).status);
    // The machine itself goes on: who does not look at its identity gets an answer.
    expect((await curl(`-k ${shown(authority.issue(`URI:${CHECKOUT}`))} ${billingUrl()}`)).status).toBe(200);
    expect((await call(checkout, 'http://billing.example.com:8080/')).status).toBe(503);
    authority.install(billing.certificates, authority.issue(`URI:${BILLING}`));
    await billing.restartEnvoy();
    await eventually(200, async () => (await call(checkout, 'http://billing.example.com:8080/')).status);
  });
});

describe('behind a load balancer that passes TCP on', () => {
  test('mutual TLS goes through it', async () => {
    await eventually(200, async () => (await call(checkout, 'http://network.example.com:8080/')).status);
    const { headers } = await call(checkout, 'http://network.example.com:8080/');
    expect(headers['x-forwarded-client-cert']).toContain(`URI=${CHECKOUT}`);
    expect((await call(stranger, 'http://network.example.com:8080/')).status).toBe(403);
  });
});

describe('behind a load balancer that ends TLS', () => {
  const token = (claims: object) =>
    `-H 'authorization: Bearer ${webToken({ iss: 'https://login.example.com', ...claims }, privateKey)}'`;

  test('callers are told by their tokens, and no certificate of theirs is seen', async () => {
    const good = token({ aud: 'reports' });
    await eventually(200, async () => (await call(checkout, 'http://reports.example.com:80/', good)).status);
    const spoofed = `${good} -H 'x-forwarded-client-cert: URI=${CHECKOUT}'`;
    const { headers } = await call(checkout, 'http://reports.example.com:80/', spoofed);
    expect(headers['x-forwarded-client-cert']).toBeUndefined();
    expect((await call(stranger, 'http://reports.example.com:80/', good)).status).toBe(200);
    expect((await call(checkout, 'http://reports.example.com:80/')).status).toBe(401);
    expect((await call(checkout, 'http://reports.example.com:80/', token({ aud: 'other' }))).status).toBe(403);
  });

  test('nobody else reaches the machine', async () => {
    expect((await curl(`-k ${token({ aud: 'reports' })} https://${reports.address}:8080/`)).status).toBe(0);
  });

  test("a certificate that is not the load balancer's is refused", async () => {
    publicAuthority.install(balancer.certificates, publicAuthority.issue('DNS:other.example.com'));
    await balancer.restartEnvoy();
    const good = token({ aud: 'reports' });
    await eventually(503, async () => (await call(checkout, 'http://reports.example.com:80/', good)).status);
    publicAuthority.install(balancer.certificates, publicAuthority.issue('DNS:alb.example.com'));
    await balancer.restartEnvoy();
    await eventually(200, async () => (await call(checkout, 'http://reports.example.com:80/', good)).status);
  });
});

const billingUrl = () => `https://${billing.address}:8080/`;
/** Options of curl that show a certificate. */
const shown = ({ certificate, key }: CertificateFiles) => `--cert ${certificate} --key ${key}`;
const PRIOR_KNOWLEDGE = '--http2-prior-knowledge';
const HOSTS: Readonly<Record<string, string>> = {
  'billing.example.com': BILLING_ADDRESS,
  'reports.example.com': HTTPS_ADDRESS,
  'network.example.com': NETWORK_ADDRESS,
};

async function startBilling(): Promise<void> {
  authority.install(billing.certificates, authority.issue(`URI:${BILLING}`));
  const inbound = {
    host: 'billing.example.com',
    exposure: InboundExposure.direct([billing.address]),
    callers: [Caller.serviceAccount('callers', 'checkout')],
    health: { port: 15021 },
    virtualAddresses: [BILLING_ADDRESS],
    ports: [
      {
        name: 'http',
        port: 8080,
        applicationPort: 3000,
        protocol: ServiceProtocol.HTTP1,
        timeoutSeconds: 2,
        healthCheck: ServiceHealthCheck.http('/up', { intervalSeconds: 1, unhealthyThreshold: 1 }),
      },
      { name: 'http2', port: 8081, applicationPort: 3001, protocol: ServiceProtocol.HTTP2 },
      { name: 'tcp', port: 8082, applicationPort: 3002, protocol: ServiceProtocol.TCP },
      { name: 'grpc', port: 8083, applicationPort: 9000, protocol: ServiceProtocol.GRPC },
    ],
  };
  const files = await declare(billing, 'billing', inbound);
  billing.runScript('applications', APPLICATIONS);
  billing.run('services', process.execPath, ['-e', SERVICES, 'services', '3005']);
  billingLog = (await billing.startEnvoy(files)).logFile;
  // The same machine, by way of a load balancer: what it takes doesn't change.
  await declare(
    billing,
    'network',
    {
      ...inbound,
      host: 'network.example.com',
      exposure: InboundExposure.loadBalancer('nlb.example.com'),
      virtualAddresses: [NETWORK_ADDRESS],
      ports: [{ ...inbound.ports[0], exposedPort: 9443 }],
    },
    { serviceAccount: GroupServiceAccount.existing('billing') },
  );
}

async function startReports(): Promise<void> {
  authority.install(reports.certificates, authority.issue('URI:spiffe://cluster.local/ns/machines/sa/reports'));
  const jwks = JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'key', alg: 'RS256' }] });
  const files = await declare(reports, 'reports', {
    host: 'reports.example.com',
    exposure: InboundExposure.httpsLoadBalancer('alb.example.com', {
      sourceRanges: [`${balancer.address}/32`],
      caCertificates: '/etc/public-ca.pem',
      tokens: { issuer: 'https://login.example.com', audiences: ['reports'], jwks },
    }),
    virtualAddresses: [HTTPS_ADDRESS],
    ports: [{ name: 'http', port: 80, listenPort: 8080, applicationPort: 3000, protocol: ServiceProtocol.HTTP1 }],
  });
  reports.runScript('applications', APPLICATIONS);
  await reports.startEnvoy(files);
}

/** Ends TLS on 443 for `reports`, and passes 9443 on to `billing`. */
async function startBalancer(): Promise<void> {
  publicAuthority.install(balancer.certificates, publicAuthority.issue('DNS:alb.example.com'));
  await balancer.startEnvoy(loadBalancer(balancer, reports.address, billing.address));
}

/** Applies the objects of a machine and returns its files. */
async function declare(
  host: EnvoyHost,
  name: string,
  inbound: InboundCalls,
  shared: Pick<StandaloneEnvoyProps, 'serviceAccount'> = {},
): Promise<Readonly<Record<string, string>>> {
  const chart = new Chart(new App(), name, { namespace: 'machines' });
  const { directory } = host;
  const own = { mesh: MESH, gateways: [], services: [], directory, inbound, ...shared };
  const envoy = new StandaloneEnvoy(chart, name, own);
  for (const outcome of await controlPlane.client.apply(chart.toJson() as KubernetesObject[])) {
    expect(outcome).toMatchObject({ outcome: 'accepted', warnings: [] });
  }
  return envoy.files();
}

/** A Pod with a sidecar, whose ServiceAccount has its name. */
async function startCaller(name: string): Promise<Computer> {
  const metadata = { name, namespace: 'callers' };
  await controlPlane.client.mustApply([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'callers' } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
  ]);
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, labels: { app: name, 'sidecar.istio.io/inject': 'true' } },
    spec: { serviceAccountName: name, containers: [{ name: 'application', image: 'echo' }] },
  };
  const { computer } = await startPod(controlPlane, pod, 8080);
  const root = readFileSync(publicAuthority.rootFile, 'utf8');
  // What a cluster's DNS and a mounted volume would do.
  for (const host of ['alb.example.com', 'nlb.example.com']) {
    await computer.run(`echo '${balancer.address} ${host}' >>/etc/hosts`);
  }
  await computer.run(`printf %s '${root}' >/etc/public-ca.pem`);
  return computer;
}

interface Answer {
  /** 0 for none. */
  readonly status: number;
  readonly body: string;
  /** Headers that the application got. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What a program of a Pod gets from a host of the machines. */
async function call(caller: Computer, url: string, options = ''): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const resolve = `--resolve ${hostname}:${port || 80}:${HOSTS[hostname]}`;
  return answerOf((await caller.run(`${CURL} ${resolve} ${options} ${url}`, true)).stdout);
}

/** What somebody outside of the mesh gets. */
async function curl(options: string): Promise<Answer> {
  return answerOf(await run(`${CURL} ${options}`));
}

async function run(script: string): Promise<string> {
  return (await runCommand('sh', ['-c', script], { allowFailure: true })).stdout;
}

function answerOf(output: string): Answer {
  const [body, status] = output.split('\n@');
  return { status: Number(status), body, headers: body.startsWith('{') ? JSON.parse(body) : {} };
}

/** Whom the gRPC application sees when a Pod calls; the code of the status when it sees nobody. */
async function grpcCaller(caller: Computer): Promise<string> {
  const script = join(controlPlane.workspace.folder, 'grpc-client.js');
  writeFileSync(script, GRPC_CLIENT.replaceAll('process.argv[1]', 'process.argv[2]'));
  const answer = (await caller.run(`${process.execPath} ${script} ${BILLING_ADDRESS}:8083`, true)).stdout;
  return answer.startsWith('{') ? JSON.parse(answer)['x-forwarded-client-cert'].split('URI=').at(-1) : answer;
}

/** What the TCP application says to a Pod. */
async function greeting(caller: Computer): Promise<string> {
  const talk = `exec 3<>/dev/tcp/${BILLING_ADDRESS}/8082; echo ping >&3; timeout 2 cat <&3`;
  return (await caller.run(`bash -c '${talk}'`, true)).stdout.trim();
}

/** Who called with success, as the access log has it. */
function callersInLog(): readonly unknown[] {
  const lines = readFileSync(billingLog, 'utf8').split('\n');
  const logged = lines.filter((line) => /^\{.*\}$/.test(line)).map((line) => JSON.parse(line) as JsonObject);
  return [...new Set(logged.filter((line) => line.response_code === 200).map((line) => line.downstream_peer))];
}

/** Number of the certificate that the machine shows. */
async function serial(): Promise<string> {
  const { certificate, key } = authority.issue(`URI:${CHECKOUT}`);
  const shown = `openssl s_client -connect ${billing.address}:8080 -cert ${certificate} -key ${key} </dev/null`;
  return run(`${shown} 2>/dev/null | openssl x509 -noout -serial`);
}

/** Requests without a pause, over new connections of the machine's too. */
function hammer(url: string): { enough(): Promise<void>; stop(): Promise<readonly string[]> } {
  const statuses: string[] = [];
  let going = true;
  const done = (async () => {
    while (going) statuses.push(String((await call(checkout, url)).status));
  })();
  return {
    enough: () => eventually(true, async () => statuses.length > 50),
    stop: async () => {
      going = false;
      await done;
      return [...new Set(statuses)];
    },
  };
}

const CURL = "curl -s -m 8 -w '\\n@%{http_code}'";
