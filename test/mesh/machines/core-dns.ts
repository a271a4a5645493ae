import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ControlPlane, KubernetesObject } from '../harness';
import { ManagedProcess } from '../harness/process';
import { toolFolder } from '../tools/tools';

const NAME = 'coredns';

/** The cluster's DNS server, with an address in the machines' network. */
export interface CoreDns {
  readonly address: string;
  readonly process: ManagedProcess;
}

/** Starts the real CoreDNS, which knows the Services that are in the API server and nothing else. */
export async function startCoreDns(controlPlane: ControlPlane): Promise<CoreDns> {
  const { workspace, client, apiServer, lan } = controlPlane;
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: NAME } };
  const verbs = ['list', 'watch'];
  const objects = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system' } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: NAME, namespace: 'kube-system' } },
    {
      ...role,
      rules: [
        { apiGroups: [''], resources: ['services', 'namespaces', 'pods'], verbs },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs },
      ],
    },
    {
      ...role,
      kind: 'ClusterRoleBinding',
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: NAME },
      subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: 'kube-system' }],
    },
  ];
  await client.mustApply(objects as unknown as readonly KubernetesObject[]);
  const folder = workspace.subfolder(NAME);
  const kubeconfig = apiServer.kubeconfig(NAME, await client.token('kube-system', NAME));
  const address = await lan.addHostAddress();
  const corefile = join(folder, 'Corefile');
  writeFileSync(
    corefile,
    `.:53 {\n  bind ${address}\n  errors\n  log\n  kubernetes cluster.local {\n    kubeconfig ${kubeconfig}\n  }\n}\n`,
  );
  const process = ManagedProcess.start({
    workspace,
    name: NAME,
    command: join(await toolFolder(NAME), NAME),
    args: ['-conf', corefile],
  });
  controlPlane.own(process);
  await process.waitUntil('it answers', () => process.logTail().includes(`CoreDNS-`));
  return { address, process };
}
