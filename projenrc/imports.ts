import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKSUMS_FILE, type Checksums, moduleName, sha256, wantedKinds } from './imports/checksums';
import { cdk8sCliVersion, crdTypes } from './imports/crd-types';
import { type DownloadedModule, downloadModule } from './imports/go-module';
import { kubernetesTypes } from './imports/kubernetes-types';
import { CRD_SOURCES, GATEWAY_API, type GoModule, ISTIO_API, KUBERNETES, KUBERNETES_KINDS } from './imports/sources';
import { runScript } from './run-script';

/** The folder that this script writes. */
export const IMPORTS_DIR = join(__dirname, '..', 'imports');

/**
 * Everything that belongs into imports/, content by file name. Depends on nothing but the pinned modules and cdk8s-cli.
 * @throws Error with what to do when Go is missing or a module cannot be had.
 */
export function generateImports(): Map<string, string> {
  const modules = new Map<GoModule, DownloadedModule>();
  for (const module of [ISTIO_API, GATEWAY_API, KUBERNETES]) modules.set(module, downloadModule(module));
  const dirOf = (module: GoModule) => (modules.get(module) as DownloadedModule).dir;

  const files = new Map<string, string>();
  for (const source of CRD_SOURCES) {
    for (const [name, text] of crdTypes(source, dirOf(source.module))) files.set(name, text);
  }
  const openApi = 'api/openapi-spec/swagger.json';
  const origin = `${moduleName(KUBERNETES)} ${openApi}`;
  files.set('k8s.ts', kubernetesTypes(join(dirOf(KUBERNETES), openApi), KUBERNETES_KINDS, origin));

  const checksums: Checksums = {
    modules: Object.fromEntries([...modules].map(([module, { sum }]) => [moduleName(module), sum])),
    kinds: wantedKinds(),
    generator: `cdk8s-cli@${cdk8sCliVersion()}`,
    files: Object.fromEntries([...files.keys()].sort().map((name) => [name, sha256(files.get(name) as string)])),
  };
  return files.set(CHECKSUMS_FILE, `${JSON.stringify(checksums, null, 2)}\n`);
}

/** Names of the files that differ between `expected` and the folder: missing, changed, or not generated. */
export function differences(expected: ReadonlyMap<string, string>, dir: string): readonly string[] {
  const present = new Map(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), 'utf8')]));
  const names = [...new Set([...expected.keys(), ...present.keys()])].sort();
  return names.filter((name) => expected.get(name) !== present.get(name));
}

function main(args: readonly string[]): void {
  const files = generateImports();
  if (args.includes('--check')) {
    const differing = differences(files, IMPORTS_DIR);
    if (differing.length === 0) return;
    throw new Error(
      `imports/ is not what projenrc/imports.ts generates (${differing.join(', ')}): run \`npx projen imports\``,
    );
  }
  rmSync(IMPORTS_DIR, { recursive: true, force: true });
  mkdirSync(IMPORTS_DIR);
  for (const [name, text] of files) writeFileSync(join(IMPORTS_DIR, name), text);
  process.stdout.write(`imports/: ${[...files.keys()].join(', ')}\n`);
}

runScript(module, main);
