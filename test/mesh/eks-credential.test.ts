import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { IstiodAccess, MachineIdentity, Mesh, MeshVmGroup, SidecarPackage } from 'meshvm';
import { agentSource } from '../../lib/join/agent-source';
import { Authenticator } from './aws/authenticator';
import { Moto, type SessionKeys } from './aws/moto';
import { groupProps } from './bootstrap-access-fixtures';
import { ApiServer, type KubernetesObject, ManagedProcess, waitUntil } from './harness';
import { Etcd } from './harness/etcd';
import { Workspace } from './harness/workspace';
import { findTools } from './tools/tools';

/**
 * The proof of identity of a machine in EKS, checked as EKS checks it: the agent presigns a request to STS with the keys of its
 * metadata service, kube-apiserver asks the real aws-iam-authenticator, and that asks STS, for which moto answers. moto checks no
 * signature: test/agent/test_credentials.py compares it with the one of AWS's own library.
 */

let workspace: Workspace;
let agent: string;
let apiServer: ApiServer;
let authenticator: Authenticator;
let roles: Readonly<Record<string, SessionKeys>>;
const servers: HttpServer[] = [];
const processes: ManagedProcess[] = [];

beforeAll(async () => {
  const tools = await findTools();
  workspace = new Workspace();
  agent = join(workspace.folder, 'meshvm');
  writeFileSync(agent, agentSource().agent);
  const moto = await Moto.start(workspace);
  processes.push(moto.process);
  const session = 'i-0123456789';
  roles = { payments: await moto.assumeRole('payments', session), ledger: await moto.assumeRole('ledger', session) };
  const mapping = (role: string, group: string) => ({
    role,
    userName: `vm:${role}:{{SessionName}}`,
    kubernetesGroups: [group],
  });
  authenticator = await Authenticator.start(workspace, moto, 'prod-eu', [
    mapping('payments', 'meshvm:payments:payment-service'),
    mapping('ledger', 'meshvm:payments:ledger'),
  ]);
  const etcd = await Etcd.start(workspace, tools.etcd);
  processes.push(etcd.process);
  apiServer = await ApiServer.start({
    workspace,
    command: tools.kubeApiServer,
    etcdUrl: etcd.url,
    extraArgs: authenticator.apiServerArgs,
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
  await authenticator?.stop();
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
  expect(authenticator.clusters.at(-1)).toBe('prod-eu');
});

test('a machine in another region than its cluster joins, and signs for the region of the cluster', async () => {
  const { code, output } = await joinAs('payments', { machines: 'ap-southeast-2', cluster: 'eu-west-1' });
  expect([code, output]).toEqual([0, expect.stringContaining('token: renewed')]);
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
  regions: { readonly machines: string; readonly cluster?: string } = { machines: 'eu-west-1' },
): Promise<{ readonly code: number; readonly output: string; readonly root: string }> {
  const root = workspace.subfolder(`machine-${role}-${regions.machines}`);
  mkdirSync(`${root}/etc/meshvm`, { recursive: true });
  writeFileSync(`${root}/etc/hosts`, '127.0.0.1 localhost\n');
  const config = {
    schemaVersion: 1,
    apiServer: `https://127.0.0.1:${apiServer.port}`,
    caCertificate: apiServer.ca,
    namespace: 'payments',
    group: 'payment-service',
    credential: { kind: 'eks', cluster: 'prod-eu', region: regions.cluster },
  };
  writeFileSync(`${root}/etc/meshvm/join.json`, JSON.stringify(config));
  const metadata = await serve((request, response) => {
    const path = request.url ?? '';
    const answers: Readonly<Record<string, string>> = {
      '/latest/api/token': 'session',
      '/latest/meta-data/iam/security-credentials/': role,
      [`/latest/meta-data/iam/security-credentials/${role}`]: JSON.stringify(roles[role]),
      '/latest/meta-data/placement/region': regions.machines,
      '/latest/meta-data/services/domain': 'amazonaws.com',
      '/latest/meta-data/local-ipv4': '10.20.0.5',
    };
    response.writeHead(path in answers ? 200 : 404).end(answers[path]);
  });
  const output = `${root}/output`;
  const machine = ManagedProcess.start({
    workspace,
    name: `machine-${role}-${regions.machines}`,
    command: 'sh',
    args: [
      '-c',
      `python3 -I ${agent} join --wait 0 > ${output} 2>&1; echo $? > ${output}.part; mv ${output}.part ${output}.code`,
    ],
    env: { MESHVM_ROOT: root, MESHVM_SERVICE_MANAGER: 'none', MESHVM_IMDS_ENDPOINT: `http://127.0.0.1:${metadata}` },
  });
  processes.push(machine);
  const code = await waitUntil('the agent ends', () =>
    existsSync(`${output}.code`) ? { value: Number(readFileSync(`${output}.code`, 'utf8')) } : undefined,
  );
  return { code: code.value, output: readFileSync(output, 'utf8'), root };
}

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<number> {
  return listen(createHttpServer(answer));
}

async function listen(server: HttpServer): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
