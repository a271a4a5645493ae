import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { KubernetesSubject, LoadBalancer, MachineIdentity, Mesh, MeshVmGroup, SidecarPackage } from 'meshvm';
import { EastWestGateway } from '../../lib/gateway/east-west-gateway';
import { agentSource } from '../../lib/join/agent-source';
import { groupProps } from './bootstrap-access-fixtures';
import { ControlPlane, Gateway, healthOf, type KubernetesObject, type StoredObject, waitUntil } from './harness';
import type { NetworkHost } from './harness/network';
import { ManagedProcess } from './harness/process';
import { ProxyFiles } from './harness/proxy-files';

const { agent: AGENT, firstStage: FIRST_STAGE } = agentSource();
const TOKEN = 'var/run/secrets/tokens/istio-token';

let controlPlane: ControlPlane;
let host: NetworkHost;
let files: ProxyFiles;

beforeAll(async () => {
  controlPlane = await ControlPlane.start({
    meshId: 'acme',
    clusterName: 'prod-eu',
    network: 'vpc-prod',
    lan: true,
    istiodEnv: { PILOT_WORKLOAD_ENTRY_GRACE_PERIOD: '2s' },
  });
  const { apiServer, client, lan, tools, workspace } = controlPlane;
  const mesh = new Mesh({ meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1' });
  const app = new App();
  const platform = new Chart(app, 'platform', { namespace: 'istio-system' });
  const gateway = new EastWestGateway(platform, 'gateway', { mesh, loadBalancer: LoadBalancer.awsNlb() });
  const payments = new Chart(app, 'payments', { namespace: 'payments' });
  new MeshVmGroup(payments, 'payment-service', {
    ...groupProps(mesh, gateway, lan.cidr),
    identity: MachineIdentity.tokenFile({
      path: '/etc/machine-token',
      subject: KubernetesSubject.serviceAccount('payments', 'machines'),
    }),
    bootstrap: { sidecarPackage: SidecarPackage.preinstalled() },
  });
  const objects = (chart: Chart): KubernetesObject[] => chart.toJson() as KubernetesObject[];
  await client.mustApply(objects(platform));
  const deployment = objects(platform).find(({ kind }) => kind === 'Deployment') as KubernetesObject;
  await Gateway.start(controlPlane, { deployment });
  await client.mustApply([
    ...objects(payments),
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'machines', namespace: 'payments' } },
  ]);
  await controlPlane.rootCertificate('payments');

  host = await lan.addHost('vm-1');
  files = new ProxyFiles(workspace.subfolder('vm-1'), tools);
  files.copy(tools.sidecarEnv, 'var/lib/istio/envoy/sidecar.env');
  files.write('etc/hosts', '127.0.0.1 localhost\n');
  files.writeSecret('etc/machine-token', await client.token('payments', 'machines'));
  const config = {
    schemaVersion: 1,
    apiServer: `https://${lan.hostAddress}:${apiServer.port}`,
    caCertificate: apiServer.ca,
    namespace: 'payments',
    group: 'payment-service',
    credential: { kind: 'tokenFile', path: '/etc/machine-token' },
    agentSha256: createHash('sha256').update(AGENT).digest('hex'),
  };
  files.write('etc/meshvm/join.json', JSON.stringify(config));
  files.write('first-stage', FIRST_STAGE);
});

afterAll(async () => {
  await controlPlane?.stop();
});

test('the first stage fetches the agent, and the agent fetches everything else', async () => {
  const output = await run('python3', ['-I', join(files.root, 'first-stage')]);
  expect(output.split('\n')).toEqual(
    expect.arrayContaining([expect.stringMatching(/^token: renewed/), 'cluster.env: written']),
  );
  expect(readFileSync(join(files.root, 'usr/local/bin/meshvm'), 'utf8')).toBe(AGENT);
  expect(statSync(join(files.root, TOKEN)).mode & 0o777).toBe(0o600);
});

test('the sidecar comes up from those files and is healthy in the mesh', async () => {
  useHosts();
  const { tools } = controlPlane;
  start('application', process.execPath, [
    '-e',
    "require('http').createServer((_, r) => r.end('ok')).listen(8080, '0.0.0.0')",
  ]);
  const sidecar = start('sidecar', tools.istioStart, [], {
    EXEC_USER: 'root',
    USER: 'root',
    ISTIO_CUSTOM_IP_TABLES: 'true',
    ISTIO_BIN_BASE: dirname(tools.pilotAgent),
    PROXY_CONFIG: `binaryPath: ${files.envoy}`,
  });
  const entry = await sidecar.waitUntil('its machine is healthy', async () => {
    const [found] = await entries();
    return healthOf(found) === 'Healthy' ? found : undefined;
  });
  expect(entry.spec).toMatchObject({ address: host.address, serviceAccount: 'payment-service' });
});

test('status and doctor agree', async () => {
  expect(await agent('status')).toContain('spiffe://cluster.local/ns/payments/sa/payment-service');
  const results = JSON.parse(await agent('doctor', '--json')) as readonly {
    readonly ok: boolean;
    readonly probe: string;
  }[];
  expect(results.filter(({ ok }) => !ok)).toEqual([]);
  expect(results.at(-1)?.probe).toBe('names of the mesh');
});

test('an idle refresh asks for no restart', async () => {
  await agent('refresh');
  expect(existsSync(join(files.root, 'var/lib/meshvm/restart'))).toBe(false);
});

test('a key pair of a retired root is replaced by the running sidecar, after a restart', async () => {
  files.write('etc/certs/root-cert.pem', ANOTHER_ROOT);
  expect(await agent('join')).toContain('key.pem deleted, because a root certificate was retired');
  expect(existsSync(join(files.root, 'var/lib/meshvm/restart'))).toBe(true);
});

const ANOTHER_ROOT = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';

async function entries(): Promise<readonly StoredObject[]> {
  return controlPlane.client.list('networking.istio.io/v1', 'WorkloadEntry', 'payments');
}

function agent(...args: readonly string[]): Promise<string> {
  return run('python3', ['-I', join(files.root, 'usr/local/bin/meshvm'), ...args]);
}

let runs = 0;

async function run(command: string, args: readonly string[]): Promise<string> {
  const output = join(files.root, `output-${runs++}`);
  const script = `"$0" "$@" > ${output} 2>&1; echo $? > ${output}.code`;
  start('run', 'sh', ['-c', script, command, ...args], {
    MESHVM_ROOT: files.root,
    MESHVM_SERVICE_MANAGER: 'none',
  });
  const code = await waitUntil('the command ends', () => {
    const written = existsSync(`${output}.code`) ? readFileSync(`${output}.code`, 'utf8').trim() : '';
    return written === '' ? undefined : written;
  });
  const text = readFileSync(output, 'utf8');
  expect(`exit code ${code}: ${text}`).toBe(`exit code 0: ${text}`);
  return text;
}

function start(
  name: string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ManagedProcess {
  const { workspace } = controlPlane;
  const started = ManagedProcess.start({
    workspace,
    name: `${host.name}-${name}`,
    ...host.command(command, args),
    cwd: files.root,
    env,
  });
  controlPlane.own(started);
  return started;
}

/** Makes the machine's /etc/hosts the one of the agent. */
function useHosts(): void {
  const folder = join('/etc/netns', host.namespace);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'hosts'), readFileSync(join(files.root, 'etc/hosts')));
}
