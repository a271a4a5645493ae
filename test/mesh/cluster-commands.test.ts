import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ControlPlane } from './harness';

/** What `meshvm` reads of a real API server and istiod, through kubectl. */
let controlPlane: ControlPlane;
let path: string;

beforeAll(async () => {
  controlPlane = await ControlPlane.start();
  const folder = controlPlane.workspace.subfolder('bin');
  symlinkSync(controlPlane.tools.kubectl, join(folder, 'kubectl'));
  path = `${folder}:${dirname(process.execPath)}`;
});

afterAll(async () => {
  await controlPlane?.stop();
});

function meshvm(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const cli = join(__dirname, '../../lib/cli/main.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', cli, ...args], {
    encoding: 'utf8',
    env: { ...process.env, PATH: path, KUBECONFIG: controlPlane.apiServer.adminKubeconfig(), ...env },
  });
  return { status, stdout, stderr };
}

test('a default installation is told, and what machines need in it', () => {
  const { status, stdout, stderr } = meshvm(['mesh']);
  expect([status, stderr]).toStrictEqual([0, '']);
  expect(stdout).toContain("  clusterName: 'Kubernetes',\n");
  expect(stdout).toContain("  meshId: 'cluster.local',\n");
  expect(stdout).toContain('// - the mesh was installed without a network');
  expect(stdout).toContain('// - no gateway passes port 15012 on to istiod');
});
