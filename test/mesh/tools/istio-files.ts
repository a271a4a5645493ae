import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyTree, copyWritable } from './module-files';
import { dependencyFolder, goIngredients, moduleFolder, type Tool } from './tool';

/** What Istio's machine package installs beside its binaries, Istio's charts, and the CRDs of Gateway API: all are in Go modules. */
export const ISTIO_FILES: Tool = {
  ingredients: async () => [readFileSync(__filename), ...(await goIngredients(moduleFolder('istio')))],
  make: async (folder) => {
    const istio = await dependencyFolder(moduleFolder('istio'), 'istio.io/istio');
    const packaging = join(istio, 'tools/packaging');
    for (const file of ['istio-start.sh', 'sidecar.env', 'envoy_bootstrap.json', 'istio.service']) {
      copyWritable(join(packaging, 'common', file), join(folder, file));
    }
    copyWritable(join(packaging, 'postinst.sh'), join(folder, 'postinst.sh'));
    chmodSync(join(folder, 'istio-start.sh'), 0o755);
    copyTree(join(istio, 'manifests'), join(folder, 'manifests'));
    const gatewayApi = await dependencyFolder(moduleFolder('istio'), 'sigs.k8s.io/gateway-api');
    copyTree(join(gatewayApi, 'config/crd/standard'), join(folder, 'gateway-api'));
  },
};
