import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../aws/cached';
import { type ControlPlane, objectsInFile } from '../harness';
import { allDefinitionsEstablished } from '../harness/istiod';
import { ManagedProcess } from '../harness/process';

const SOURCES = join(__dirname, '../tools/cert-manager');

/** Makes the API server know cert-manager's objects, and starts its controllers for CA issuers, with all rights. */
export async function startCertManager(controlPlane: ControlPlane): Promise<ManagedProcess> {
  const { workspace, client, apiServer, tools } = controlPlane;
  const built = cached(tools, 'cert-manager', join(SOURCES, 'go.sum'), build);
  const definitions = readdirSync(built).filter((file) => file.endsWith('.yaml'));
  await client.mustApply(definitions.flatMap((file) => objectsInFile(join(built, file))));
  await allDefinitionsEstablished(apiServer);
  const process = ManagedProcess.start({
    workspace,
    name: 'cert-manager',
    command: join(built, 'cert-manager'),
    args: [`--kubeconfig=${apiServer.adminKubeconfig()}`],
  });
  controlPlane.own(process);
  await process.waitUntil('its controllers have started', () => process.logTail(500).includes('controllers'));
  return process;
}

function build(output: string): void {
  const options = { cwd: SOURCES, encoding: 'utf8' } as const;
  execFileSync('go', ['build', '-trimpath', '-ldflags', '-s -w', '-o', join(output, 'cert-manager'), '.'], options);
  const module = ['list', '-m', '-f', '{{.Dir}}', 'github.com/cert-manager/cert-manager'];
  const folder = join(execFileSync('go', module, options).trim(), 'deploy/crds');
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
    copyFileSync(join(folder, file), join(output, file));
  }
}
