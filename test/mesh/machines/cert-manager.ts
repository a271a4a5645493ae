import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ControlPlane, objectsInFile } from '../harness';
import { allDefinitionsEstablished } from '../harness/definitions';
import { ManagedProcess } from '../harness/process';
import { toolFolder } from '../tools/tools';

/** Makes the API server know cert-manager's objects, and starts its controllers for CA issuers, with all rights. */
export async function startCertManager(controlPlane: ControlPlane): Promise<ManagedProcess> {
  const { workspace, client, apiServer } = controlPlane;
  const folder = await toolFolder('cert-manager');
  const definitions = join(folder, 'crds');
  const files = readdirSync(definitions).filter((file) => file.endsWith('.yaml'));
  await client.mustApply(files.flatMap((file) => objectsInFile(join(definitions, file))));
  await allDefinitionsEstablished(apiServer);
  const process = ManagedProcess.start({
    workspace,
    name: 'cert-manager',
    command: join(folder, 'cert-manager'),
    args: [`--kubeconfig=${apiServer.adminKubeconfig()}`],
  });
  controlPlane.own(process);
  await process.waitUntil('its controllers have started', () => process.logTail(500).includes('controllers'));
  return process;
}
