import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiServer } from '../harness/api-server';
import { allDefinitionsEstablished, isDefinition } from '../harness/definitions';
import { Etcd } from '../harness/etcd';
import { renderInstallation } from '../harness/installation';
import { type Manifest, objectsInFile } from '../harness/kubernetes-object';
import { Workspace } from '../harness/workspace';
import type { Tool } from './tool';

/**
 * What every cluster of the tests begins with: etcd's data after an API server has started once and taken the CRDs of Istio and Gateway API.
 * Each takes seconds of processor time to define them, so that a cluster starts from a copy.
 *
 * `etcd` is the data; `definitions.json` are Istio's CRDs among it, as istioctl renders them.
 */
export const CLUSTER: Tool = {
  madeWith: ['etcd', 'kube-apiserver', 'istioctl', 'istio-files'],
  ingredients: async () => [readFileSync(__filename)],
  make: async (folder, others) => {
    const workspace = new Workspace();
    try {
      const etcd = await Etcd.start(workspace, join(others.etcd, 'etcd'), { data: join(folder, 'etcd') });
      const command = join(others['kube-apiserver'], 'kube-apiserver');
      const apiServer = await ApiServer.start({ workspace, command, etcdUrl: etcd.url });
      const { objects } = await renderInstallation(join(others.istioctl, 'istioctl'), workspace.folder, {});
      const definitions = objects.filter(isDefinition);
      await apiServer.client.mustApply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } });
      await apiServer.client.mustApply([...definitions, ...gatewayApi(join(others['istio-files'], 'gateway-api'))]);
      await allDefinitionsEstablished(apiServer);
      writeFileSync(join(folder, 'definitions.json'), JSON.stringify(definitions));
      apiServer.client.close();
      await apiServer.process.stop();
      await etcd.process.stop();
    } finally {
      await workspace.close();
    }
  },
};

/** The CRDs of Gateway API's standard channel that are not experiments. */
function gatewayApi(folder: string): readonly Manifest[] {
  const files = readdirSync(folder).filter((file) => file.startsWith('gateway.networking.'));
  return files.flatMap((file) => objectsInFile(join(folder, file))).filter(isDefinition);
}
