import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { KubernetesObject } from './harness';
import { World } from './machines/world';

/** What `meshvm mesh` and `meshvm doctor` tell of a real API server and istiod, through kubectl. */
let world: World;
let env: NodeJS.ProcessEnv;
let synthesized: string;

beforeAll(async () => {
  world = await World.start();
  const { workspace, tools, apiServer } = world.controlPlane;
  const folder = workspace.subfolder('bin');
  symlinkSync(tools.kubectl, join(folder, 'kubectl'));
  env = {
    ...process.env,
    PATH: `${folder}:${dirname(process.execPath)}`,
    KUBECONFIG: apiServer.adminKubeconfig(),
    TSX_TSCONFIG_PATH: join(__dirname, '../tsconfig.json'),
  };
  synthesized = join(folder, 'synthesized.json');
  writeFileSync(synthesized, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: world.objects() }));
});

afterAll(async () => {
  await world?.stop();
});

async function meshvm(...args: readonly string[]) {
  const cli = join(__dirname, '../../lib/cli/main.ts');
  const run = spawn(process.execPath, ['--import', require.resolve('tsx'), cli, ...args], { env });
  const [stdout, stderr, [status]] = await Promise.all([text(run.stdout), text(run.stderr), once(run, 'close')]);
  return { status: status as number, stdout, stderr };
}

describe('meshvm mesh', () => {
  test('writes the mesh that the control plane was installed for', async () => {
    const { status, stdout, stderr } = await meshvm('mesh');
    expect([status, stderr]).toStrictEqual([0, '']);
    expect(
      stdout.split('// Machines need:')[0],
    ).toBe(`// Read from istiod in the namespace istio-system, Kubernetes 1.36.
import { Mesh } from 'meshvm';

const mesh = new Mesh({
  meshId: 'acme',
  clusterName: 'prod-eu',
  network: 'vpc-prod',
  istioVersion: '', // put in the version of istiod
  proxy: {
    holdApplicationUntilProxyStarts: true,
    dnsCapture: true,
  },
});

`);
    // The istiod of the tests is built from source, without a version.
    expect(stdout).toContain("// - the version of istiod can't be told by its image");
    expect(stdout).toContain(
      `// - machines reach istiod through istio-system/istio-eastwestgateway, at ${world.gateway.address}\n`,
    );
  });

  test('tells what a default installation lacks', async () => {
    await world.controlPlane.startIstiod({ namespace: 'other-istio', revision: 'other' });
    const { stdout } = await meshvm('mesh', '--istio-namespace', 'other-istio');
    expect(stdout).toContain("  clusterName: 'Kubernetes',\n");
    expect(stdout).toContain('// - the mesh was installed without a network');
  });

  test('says who may not read what', async () => {
    const kubeconfig = await asServiceAccount('nobody');
    const { status, stderr } = await meshvm('mesh', '--kubeconfig', kubeconfig);
    expect(status).toBe(1);
    expect(stderr).toMatch(/deployments.* is forbidden: User "system:serviceaccount:default:nobody" cannot list/);
  });

  test('says that there is no cluster', async () => {
    expect(await meshvm('mesh', '--context', 'none')).toStrictEqual({
      status: 1,
      stdout: '',
      stderr: 'meshvm mesh: error: context "none" does not exist\n',
    });
  });
});

describe('meshvm doctor', () => {
  test('finds a mesh as it was applied, and the way to istiod', async () => {
    const { status, stdout, stderr } = await meshvm('doctor', synthesized);
    expect(stderr).toBe('');
    expect(stdout).toContain(`istiod at ${world.gateway.address}:15012: answers as istiod.istio-system.svc\n`);
    expect(stdout).toContain('WorkloadGroup payments/payment-service: no machine has registered yet\n');
    expect(stdout).toMatch(/\d+ objects looked at: as the files say\n$/);
    expect(status).toBe(0);
  });

  test('tells what is gone, changed and unselected', async () => {
    const { client } = world.controlPlane;
    const guard = 'meshvm.payments.payment-service.registration';
    const service = (await client.get('v1', 'Service', 'payment-service', 'payments')) as KubernetesObject;
    await client.delete({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: guard },
    });
    await client.mustApply({ ...bare(service), spec: { ...(service.spec as object), selector: { app: 'other' } } });
    const { status, stdout } = await meshvm('doctor', '--json', synthesized);
    const wrong = (JSON.parse(stdout) as readonly { level: string; subject: string; text: string }[]).filter(
      ({ level }) => level === 'wrong',
    );
    expect(wrong.map(({ subject, text }) => `${subject}: ${text.split(/[:,] /)[0]}`)).toStrictEqual([
      'Service payments/payment-service: spec.selector.app is "other" instead of "payment-service"',
      `ValidatingAdmissionPolicy ${guard}: is not there`,
      'WorkloadGroup payments/payment-service: no Service and no ServiceEntry of payments selects its machines',
    ]);
    expect(status).toBe(1);
    await client.mustApply(world.objects());
  });
});

test('the rules of meshvm ports are taken by nft', async () => {
  const { stdout } = await meshvm('ports', '--format', 'nft', synthesized);
  expect(stdout).toContain('tcp dport 15012 accept');
  const ruleset = `table inet t {\nchain c {\n${stdout}}\n}\n`;
  expect(execFileSync('nft', ['--check', '--file', '-'], { input: ruleset, encoding: 'utf8' })).toBe('');
});

async function asServiceAccount(name: string): Promise<string> {
  const { client, apiServer } = world.controlPlane;
  await client.mustApply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: 'default' } });
  return apiServer.kubeconfig(name, await client.token('default', name));
}

function bare({ apiVersion, kind, metadata: { name, namespace } }: KubernetesObject): KubernetesObject {
  return { apiVersion, kind, metadata: { name, namespace } };
}
