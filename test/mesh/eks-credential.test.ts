import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { IstiodAccess, MachineIdentity, Mesh, MeshVmGroup, SidecarPackage } from 'meshvm';
import { groupProps } from './bootstrap-access-fixtures';
import { ApiServer, type KubernetesObject, ManagedProcess, waitUntil } from './harness';
import { Etcd } from './harness/etcd';
import { http } from './harness/http';
import { freePort } from './harness/ports';
import { Workspace } from './harness/workspace';
import { ensureTools, type Tools } from './tools/tools';

/**
 * The proof of identity of a machine in EKS, checked as EKS checks it: the agent presigns a request to STS with the keys of its
 * metadata service, kube-apiserver asks the real aws-iam-authenticator, and that asks STS, for which moto answers. moto checks no
 * signature: test/agent/test_credentials.py compares it with the one of AWS's own library.
 */
const SOURCES = join(__dirname, 'tools/authenticator');
const AGENT = join(__dirname, '../../lib/bootstrap/agent/meshvm.py');
const STS = 'sts.eu-west-1.amazonaws.com';
const ACCOUNT = '123456789012';

let workspace: Workspace;
let apiServer: ApiServer;
let roles: Readonly<Record<string, Keys>>;
const servers: HttpServer[] = [];
const processes: ManagedProcess[] = [];
/** The header by which the authenticator names its own cluster, as STS got it. */
const clusterHeaders: (string | undefined)[] = [];

interface Keys {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly Token: string;
}

beforeAll(async () => {
  const tools = await ensureTools();
  workspace = new Workspace();
  const moto = await startMoto(tools);
  roles = { payments: await assumeRole(moto, 'payments'), ledger: await assumeRole(moto, 'ledger') };
  const webhook = await startAuthenticator(tools, await startSts(moto));
  const etcd = await Etcd.start(workspace, tools.etcd);
  processes.push(etcd.process);
  apiServer = await ApiServer.start({
    workspace,
    command: tools.kubeApiServer,
    etcdUrl: etcd.url,
    extraArgs: [`--authentication-token-webhook-config-file=${webhook}`],
  });
  processes.push(apiServer.process);

  const mesh = new Mesh({
    ...{ meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1' },
    istiodAccess: IstiodAccess.dnsName('istiod.example.com'),
  });
  const payments = new Chart(new App(), 'payments', { namespace: 'payments' });
  new MeshVmGroup(payments, 'payment-service', {
    ...groupProps(mesh, undefined, '10.20.0.0/16'),
    identity: MachineIdentity.eks({ cluster: 'prod-eu' }),
    bootstrap: { sidecarPackage: SidecarPackage.preinstalled() },
  });
  const wanted = ['Namespace', 'ServiceAccount', 'ConfigMap', 'Role', 'RoleBinding'];
  await apiServer.client.mustApply([
    ...(payments.toJson() as KubernetesObject[]).filter(({ kind }) => wanted.includes(kind)),
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'istio-ca-root-cert', namespace: 'payments' },
      data: { 'root-cert.pem': apiServer.ca },
    } as KubernetesObject,
  ]);
});

afterAll(async () => {
  apiServer?.client.close();
  await Promise.all(processes.map((process) => process.kill()));
  for (const server of servers) server.close().closeAllConnections();
  await workspace?.close();
});

test('a machine with the role of its group joins', async () => {
  const { code, output, root } = await joinAs('payments');
  expect([code, output]).toEqual([0, expect.stringContaining('token: renewed')]);
  const token = readFileSync(`${root}/var/run/secrets/tokens/istio-token`, 'utf8');
  expect(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
    aud: ['istio-ca'],
    sub: 'system:serviceaccount:payments:payment-service',
  });
  expect(clusterHeaders.at(-1)).toBe('prod-eu');
});

test('a machine with another role is known, but has no rights in the group', async () => {
  const { code, output } = await joinAs('ledger');
  expect([code, output]).toEqual([
    5,
    expect.stringContaining('no right to ConfigMap payments/payment-service-bootstrap'),
  ]);
});

test('a machine whose role is in no access entry is not known', async () => {
  roles = { ...roles, stranger: { AccessKeyId: 'AKIAUNKNOWN', SecretAccessKey: 's', Token: 't' } };
  const { code, output } = await joinAs('stranger');
  expect([code, output]).toEqual([5, expect.stringContaining('access entry')]);
});

async function joinAs(
  role: string,
): Promise<{ readonly code: number; readonly output: string; readonly root: string }> {
  const root = workspace.subfolder(`machine-${role}`);
  mkdirSync(`${root}/etc/meshvm`, { recursive: true });
  writeFileSync(`${root}/etc/hosts`, '127.0.0.1 localhost\n');
  const config = {
    schemaVersion: 1,
    apiServer: `https://127.0.0.1:${apiServer.port}`,
    caCertificate: apiServer.ca,
    namespace: 'payments',
    group: 'payment-service',
    credential: { kind: 'eks', cluster: 'prod-eu' },
  };
  writeFileSync(`${root}/etc/meshvm/join.json`, JSON.stringify(config));
  const metadata = await serve((request, response) => {
    const path = request.url ?? '';
    const answers: Readonly<Record<string, string>> = {
      '/latest/api/token': 'session',
      '/latest/meta-data/iam/security-credentials/': role,
      [`/latest/meta-data/iam/security-credentials/${role}`]: JSON.stringify(roles[role]),
      '/latest/meta-data/placement/region': 'eu-west-1',
      '/latest/meta-data/services/domain': 'amazonaws.com',
      '/latest/meta-data/local-ipv4': '10.20.0.5',
    };
    response.writeHead(path in answers ? 200 : 404).end(answers[path]);
  });
  const output = `${root}/output`;
  const machine = ManagedProcess.start({
    workspace,
    name: `machine-${role}`,
    command: 'sh',
    args: [
      '-c',
      `python3 -I ${AGENT} join --wait 0 > ${output} 2>&1; echo $? > ${output}.part; mv ${output}.part ${output}.code`,
    ],
    env: { MESHVM_ROOT: root, MESHVM_SERVICE_MANAGER: 'none', MESHVM_IMDS_ENDPOINT: `http://127.0.0.1:${metadata}` },
  });
  processes.push(machine);
  const code = await waitUntil('the agent ends', () =>
    existsSync(`${output}.code`) ? { value: Number(readFileSync(`${output}.code`, 'utf8')) } : undefined,
  );
  return { code: code.value, output: readFileSync(output, 'utf8'), root };
}

/** Runs moto from an environment with exactly the pinned packages, and returns its port. */
async function startMoto(tools: Tools): Promise<number> {
  const environment = cached(tools, 'moto', join(SOURCES, 'requirements.txt'), (folder) => {
    execFileSync('python3', ['-m', 'venv', folder]);
    const requirements = ['--require-hashes', '--requirement', join(SOURCES, 'requirements.txt')];
    execFileSync(join(folder, 'bin/python'), ['-m', 'pip', '--quiet', 'install', ...requirements]);
  });
  const port = await freePort();
  const command = ['-c', `from moto.server import main; main(['-H', '127.0.0.1', '-p', '${port}'])`];
  const process = ManagedProcess.start({
    workspace,
    name: 'moto',
    command: join(environment, 'bin/python'),
    args: command,
  });
  processes.push(process);
  await process.waitUntil(
    'it answers',
    async () => (await http({ url: `http://127.0.0.1:${port}/moto-api/` })).status === 200,
  );
  return port;
}

async function assumeRole(moto: number, role: string): Promise<Keys> {
  const query = new URLSearchParams({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: `arn:aws:iam::${ACCOUNT}:role/${role}`,
    RoleSessionName: 'i-0123456789',
  });
  const response = await askMoto(moto, `/?${query}`, 'AKIA/20261121/eu-west-1/sts/aws4_request');
  const xml = await response.text();
  const field = (name: string): string => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';
  return {
    AccessKeyId: field('AccessKeyId'),
    SecretAccessKey: field('SecretAccessKey'),
    Token: field('SessionToken'),
  };
}

/** moto finds the service by the scope of a credential, in this header only. */
function askMoto(port: number, path: string, credential: string): Promise<Response> {
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=x`;
  return fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization } });
}

interface StsAddress {
  /** Proxy that leads any host to our STS. */
  readonly proxy: string;
  /** PEM file of the authority that signed its certificate. */
  readonly authority: string;
}

/** moto behind the name, the TLS and the JSON of STS; moto's own answers are XML. */
async function startSts(moto: number): Promise<StsAddress> {
  const folder = workspace.subfolder('sts');
  const files = { key: join(folder, 'key.pem'), certificate: join(folder, 'certificate.pem') };
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${STS}`],
      ...['-addext', `subjectAltName=DNS:${STS}`, '-keyout', files.key, '-out', files.certificate],
    ],
    { stdio: 'ignore' },
  );
  const tls = { key: readFileSync(files.key), cert: readFileSync(files.certificate) };
  const sts = createHttpsServer(tls, (request, response) => {
    clusterHeaders.push(request.headers['x-k8s-aws-id'] as string | undefined);
    const credential = new URL(request.url ?? '', `https://${STS}`).searchParams.get('X-Amz-Credential') ?? '';
    askMoto(moto, request.url ?? '', credential).then(async (answer) => {
      const xml = await answer.text();
      const field = (name: string): string => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';
      const result = { Account: field('Account'), Arn: field('Arn'), UserId: field('UserId') };
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ GetCallerIdentityResponse: { GetCallerIdentityResult: result } }));
    });
  });
  const port = await listen(sts);
  const proxy = createHttpServer();
  proxy.on('connect', (request: IncomingMessage, client) => {
    if (request.url !== `${STS}:443`) return client.destroy();
    const upstream = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
    return undefined;
  });
  return { proxy: `http://127.0.0.1:${await listen(proxy)}`, authority: files.certificate };
}

/** Starts the authenticator and returns the path of the kubeconfig by which kube-apiserver reaches it. */
async function startAuthenticator(tools: Tools, sts: StsAddress): Promise<string> {
  const command = join(
    cached(tools, 'authenticator', join(SOURCES, 'go.sum'), (folder) => {
      mkdirSync(folder);
      const path = 'sigs.k8s.io/aws-iam-authenticator/cmd/aws-iam-authenticator';
      execFileSync('go', ['build', '-trimpath', '-ldflags', '-s -w', '-o', folder, path], { cwd: SOURCES });
    }),
    'aws-iam-authenticator',
  );
  const folder = workspace.subfolder('authenticator');
  const port = await freePort();
  const kubeconfig = join(folder, 'kubeconfig');
  const mapping = (role: string, group: string) => ({
    roleARN: `arn:aws:iam::${ACCOUNT}:role/${role}`,
    username: `vm:${role}:{{SessionName}}`,
    groups: [group],
  });
  const config = {
    clusterID: 'prod-eu',
    server: {
      ...{ address: '127.0.0.1', port, stateDir: folder, generateKubeconfig: kubeconfig, backendMode: ['MountedFile'] },
      mapRoles: [mapping('payments', 'meshvm:payments:payment-service'), mapping('ledger', 'meshvm:payments:ledger')],
    },
  };
  writeFileSync(join(folder, 'config.yaml'), JSON.stringify(config));
  const process = ManagedProcess.start({
    workspace,
    name: 'authenticator',
    command,
    args: ['server', '--config', join(folder, 'config.yaml')],
    env: {
      ...{ HTTPS_PROXY: sts.proxy, SSL_CERT_FILE: sts.authority, AWS_REGION: 'eu-west-1' },
      ...{ AWS_EC2_METADATA_DISABLED: 'true', AWS_ACCESS_KEY_ID: 'unused', AWS_SECRET_ACCESS_KEY: 'unused' },
    },
  });
  processes.push(process);
  await process.waitUntil('it has written its kubeconfig', () => existsSync(kubeconfig));
  return kubeconfig;
}

/** A folder beside the tools that is made once for each content of a file. */
function cached(tools: Tools, name: string, of: string, make: (folder: string) => void): string {
  const key = createHash('sha256').update(readFileSync(of)).digest('hex').slice(0, 16);
  const folder = join(tools.folder, '..', `${name}-${key}`);
  if (!existsSync(folder)) {
    make(`${folder}.unfinished`);
    renameSync(`${folder}.unfinished`, folder);
  }
  return folder;
}

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<number> {
  return listen(createHttpServer(answer));
}

async function listen(server: HttpServer): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
