import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { IstiodAccess, MachineIdentity, Mesh, MeshVmGroup, SidecarPackage } from 'meshvm';
import { agentSource } from '../../lib/join/agent-source';
import { groupProps } from './bootstrap-access-fixtures';
import { ApiServer, type KubernetesObject, ManagedProcess, TokenIssuer, waitUntil } from './harness';
import { Etcd } from './harness/etcd';
import { Workspace } from './harness/workspace';
import { findTools } from './tools/tools';

/**
 * The tokens that metadata services of GCP and Azure hand out, checked by kube-apiserver's own structured authentication: the
 * metadata services and the issuer are small stand-ins, the JSON web tokens are real.
 */
const SERVICE_ACCOUNT = 'payments@acme.iam.gserviceaccount.com';
const OBJECT_ID = '0f0f0f0f-1111-2222-3333-444444444444';

let workspace: Workspace;
let agent: string;
let apiServer: ApiServer;
let issuer: TokenIssuer;
const servers: Server[] = [];
const processes: ManagedProcess[] = [];

beforeAll(async () => {
  const tools = await findTools();
  workspace = new Workspace();
  agent = join(workspace.folder, 'meshvm');
  writeFileSync(agent, agentSource().agent);
  issuer = await TokenIssuer.start(workspace.subfolder('issuer'));
  const etcd = await Etcd.start(workspace, tools.etcd);
  processes.push(etcd.process);
  apiServer = await ApiServer.start({
    workspace,
    command: tools.kubeApiServer,
    etcdUrl: etcd.url,
    extraArgs: issuer.apiServerArgs,
  });
  processes.push(apiServer.process);
  const mesh = new Mesh({
    ...{ meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1' },
    istiodAccess: IstiodAccess.dnsName('istiod.example.com'),
  });
  const app = new App();
  const identities = {
    gcp: MachineIdentity.gke({ serviceAccountEmail: SERVICE_ACCOUNT }),
    azure: MachineIdentity.aks({ objectId: OBJECT_ID }),
  };
  for (const [namespace, identity] of Object.entries(identities)) {
    const chart = new Chart(app, namespace, { namespace });
    const bootstrap = { sidecarPackage: SidecarPackage.preinstalled() };
    new MeshVmGroup(chart, 'payment-service', { ...groupProps(mesh, undefined, '10.20.0.0/16'), identity, bootstrap });
    const wanted = ['Namespace', 'ServiceAccount', 'ConfigMap', 'Role', 'RoleBinding'];
    await apiServer.client.mustApply([
      ...(chart.toJson() as KubernetesObject[]).filter(({ kind }) => wanted.includes(kind)),
      {
        ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio-ca-root-cert', namespace } },
        data: { 'root-cert.pem': apiServer.ca },
      } as KubernetesObject,
    ]);
  }
});

afterAll(async () => {
  apiServer?.client.close();
  await Promise.all(processes.map((process) => process.kill()));
  issuer?.stop();
  for (const server of servers) server.close().closeAllConnections();
  await workspace?.close();
});

const CASES = [
  { kind: 'gke', namespace: 'gcp', subject: SERVICE_ACCOUNT, stranger: 'ledger@acme.iam.gserviceaccount.com' },
  { kind: 'aks', namespace: 'azure', subject: OBJECT_ID, stranger: '99999999-1111-2222-3333-444444444444' },
] as const;

test.each(CASES)('a machine with the identity of its group joins: $kind', async ({ kind, namespace, subject }) => {
  const { code, output, root } = await joinAs(kind, namespace, issuer.token(subject));
  expect([code, output]).toEqual([0, expect.stringContaining('token: renewed')]);
  expect(existsSync(`${root}/var/run/secrets/tokens/istio-token`)).toBe(true);
});

test.each(CASES)(
  'a machine with another identity has no rights in the group: $kind',
  async ({ kind, namespace, stranger }) => {
    const { code, output } = await joinAs(kind, namespace, issuer.token(stranger));
    expect([code, output]).toEqual([5, expect.stringContaining(`User "${stranger}" cannot get`)]);
  },
);

test.each(CASES)('a token of somebody else than the issuer is refused: $kind', async ({ kind, namespace, subject }) => {
  const { code, output } = await joinAs(
    kind,
    namespace,
    issuer.token(subject, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
  );
  expect([code, output]).toEqual([5, expect.stringContaining('(401)')]);
});

let machines = 0;

async function joinAs(kind: string, namespace: string, token: string) {
  const root = workspace.subfolder(`machine-${machines++}`);
  mkdirSync(`${root}/etc/meshvm`, { recursive: true });
  writeFileSync(`${root}/etc/hosts`, '127.0.0.1 localhost\n');
  const config = {
    ...{ schemaVersion: 1, apiServer: `https://127.0.0.1:${apiServer.port}`, caCertificate: apiServer.ca },
    ...{ namespace, group: 'payment-service', credential: { kind } },
  };
  writeFileSync(`${root}/etc/meshvm/join.json`, JSON.stringify(config));
  const metadata = await listen(
    createServer((request, response) => {
      const path = request.url ?? '';
      const google =
        request.headers['metadata-flavor'] === 'Google' && path.startsWith('/computeMetadata/v1/instance/');
      const azure = request.headers.metadata === 'true' && path.startsWith('/metadata/');
      response.writeHead(google || azure ? 200 : 403);
      response.end(path.includes('/token') ? JSON.stringify({ access_token: token }) : '10.20.0.5');
    }),
  );
  const output = `${root}/output`;
  const script = `python3 -I ${agent} join --wait 0 > ${output} 2>&1; echo $? > ${output}.part; mv ${output}.part ${output}.code`;
  const env = {
    MESHVM_ROOT: root,
    MESHVM_SERVICE_MANAGER: 'none',
    MESHVM_IMDS_ENDPOINT: `http://127.0.0.1:${metadata}`,
  };
  processes.push(
    ManagedProcess.start({ workspace, name: `machine-${machines}`, command: 'sh', args: ['-c', script], env }),
  );
  const code = await waitUntil('the agent ends', () =>
    existsSync(`${output}.code`) ? { value: Number(readFileSync(`${output}.code`, 'utf8')) } : undefined,
  );
  return { code: code.value, output: readFileSync(output, 'utf8'), root };
}

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
