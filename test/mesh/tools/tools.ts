import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { buildTools, GO_MODULES, LINKER_FLAGS } from './build';
import { requireCommands, run } from './command';
import { withLock } from './lock';

/** Absolute paths of what the mesh tests run. */
export interface Tools {
  readonly folder: string;
  readonly etcd: string;
  readonly kubeApiServer: string;
  readonly kubectl: string;
  readonly pilotDiscovery: string;
  readonly pilotAgent: string;
  readonly istioctl: string;
  readonly envoy: string;
  /** The start script of Istio's machine package. */
  readonly istioStart: string;
  /** The default settings that Istio's machine package installs. */
  readonly sidecarEnv: string;
  /** The template of Envoy's bootstrap that Istio's machine package and its container image install. */
  readonly envoyBootstrapTemplate: string;
  /** A folder with the CRDs of Gateway API's standard channel. */
  readonly gatewayApiCrds: string;
}

/**
 * Returns the pinned tools, building them into the cache first if they are not there.
 *
 * The cache is `$MESHVM_TOOLS_CACHE`, or `meshvm/tools` in the user's cache folder. A build happens beside its final
 * place and is renamed into it when complete, under a lock: runs at the same time build once, and a killed build leaves
 * nothing that looks finished.
 */
export async function ensureTools(): Promise<Tools> {
  requireCommands(['go', 'python3', 'ip']);
  const cache = cacheFolder();
  const key = await buildKey();
  const folder = join(cache, key);
  if (!existsSync(folder)) {
    const onWait = (): void => void process.stderr.write('mesh tools: another process is building them, waiting ...\n');
    await withLock(`meshvm-tools-${createHash('sha256').update(folder).digest('hex')}`, onWait, async () => {
      if (existsSync(folder)) return;
      const unfinished = join(cache, `unfinished-${key}`);
      // Nobody else builds this key now: what is there is what a killed build has left.
      rmSync(unfinished, { recursive: true, force: true });
      mkdirSync(unfinished, { recursive: true });
      try {
        await buildTools(__dirname, unfinished);
        renameSync(unfinished, folder);
      } finally {
        rmSync(unfinished, { recursive: true, force: true });
      }
    });
  }
  return toolsIn(folder);
}

function toolsIn(folder: string): Tools {
  return {
    folder,
    etcd: join(folder, 'etcd'),
    kubeApiServer: join(folder, 'kube-apiserver'),
    kubectl: join(folder, 'kubectl'),
    pilotDiscovery: join(folder, 'pilot-discovery'),
    pilotAgent: join(folder, 'pilot-agent'),
    istioctl: join(folder, 'istioctl'),
    envoy: join(folder, 'envoy'),
    istioStart: join(folder, 'istio-start.sh'),
    sidecarEnv: join(folder, 'sidecar.env'),
    envoyBootstrapTemplate: join(folder, 'envoy_bootstrap.json'),
    gatewayApiCrds: join(folder, 'gateway-api'),
  };
}

function cacheFolder(): string {
  const own = process.env.MESHVM_TOOLS_CACHE;
  if (own) return own;
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'meshvm', 'tools');
}

/** Everything that decides what the binaries are. */
async function buildKey(): Promise<string> {
  const hash = createHash('sha256');
  const pinned = [
    ...Object.keys(GO_MODULES).flatMap((module) => [join(module, 'go.mod'), join(module, 'go.sum')]),
    join('envoy', 'requirements.txt'),
    'build.ts',
  ];
  for (const file of pinned) hash.update(`${file}\n`).update(readFileSync(join(__dirname, file)));
  // Asked in the module's folder: its `go` line may select another toolchain than the one on the PATH.
  hash.update(await run('go', ['env', 'GOVERSION', 'GOOS', 'GOARCH', 'CGO_ENABLED'], join(__dirname, 'istio')));
  hash.update(LINKER_FLAGS);
  return hash.digest('hex').slice(0, 16);
}

if (require.main === module) {
  ensureTools().then(
    (tools) => process.stdout.write(`${tools.folder}\n`),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    },
  );
}
