import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WorkloadEntryMetrics } from 'meshvm';
import { stringify } from 'yaml';
import type { ControlPlane, KubernetesObject } from '../harness';
import { http } from '../harness/http';
import { freePort } from '../harness/ports';
import { ManagedProcess } from '../harness/process';
import { toolFolder } from '../tools/tools';

const NAME = 'kube-state-metrics';

/** Starts the real kube-state-metrics with what meshvm tells it, and no other right or metric. Returns where it answers. */
export async function startKubeStateMetrics(controlPlane: ControlPlane): Promise<string> {
  const { workspace, client, apiServer } = controlPlane;
  const namespace = 'monitoring';
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: NAME } };
  const objects = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: NAME, namespace } },
    { ...role, rules: WorkloadEntryMetrics.clusterRoleRules() },
    {
      ...role,
      kind: 'ClusterRoleBinding',
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: NAME },
      subjects: [{ kind: 'ServiceAccount', name: NAME, namespace }],
    },
  ];
  await client.mustApply(objects as unknown as readonly KubernetesObject[]);
  const folder = workspace.subfolder(NAME);
  const config = join(folder, 'custom-resource-state.yaml');
  writeFileSync(config, stringify(WorkloadEntryMetrics.customResourceState()));
  const ports = [await freePort(), await freePort()];
  const process = ManagedProcess.start({
    workspace,
    name: NAME,
    command: join(await toolFolder(NAME), NAME),
    args: [
      `--kubeconfig=${apiServer.kubeconfig(NAME, await client.token(namespace, NAME))}`,
      `--custom-resource-state-config-file=${config}`,
      '--custom-resource-state-only=true',
      '--host=127.0.0.1',
      '--telemetry-host=127.0.0.1',
      `--port=${ports[0]}`,
      `--telemetry-port=${ports[1]}`,
    ],
  });
  controlPlane.own(process);
  const address = `127.0.0.1:${ports[0]}`;
  await process.waitUntil('it answers', async () => (await http({ url: `http://${address}/metrics` })).status === 200);
  return address;
}
