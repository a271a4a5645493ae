import type { Subject } from '../core/rbac';
import type { KubernetesSubject } from './kubernetes-subject';
import type { MachineIdentity } from './machine-identity';

/** What the agent on a machine is told of its identity. None of it is a secret. */
export interface Credential {
  /** As the agent names it: `eks`, `gke`, `aks`, `tokenFile` or `kubeconfig`. */
  readonly kind: string;
  /** Settings of the kind. */
  readonly [setting: string]: string | undefined;
}

/** What the agent on a machine is told of its identity. */
export function credentialOf({ eks, aks, tokenFile, kubeconfig }: MachineIdentity): Credential {
  if (eks !== undefined) return { kind: 'eks', cluster: eks.cluster, region: eks.region };
  if (aks !== undefined) return { kind: 'aks', clientId: aks.clientId };
  if (tokenFile !== undefined) return { kind: 'tokenFile', path: tokenFile.path };
  if (kubeconfig !== undefined) return { kind: 'kubeconfig', path: kubeconfig.path, context: kubeconfig.context };
  return { kind: 'gke' };
}

/**
 * Who the API server takes the machines of a group for. Known before the cloud is asked: RoleBindings never wait for it.
 *
 * @param namespace Namespace of the group.
 * @param group Name of the group.
 */
export function kubernetesSubjectOf(identity: MachineIdentity, namespace: string, group: string): KubernetesSubject {
  const { eks, gke, aks, tokenFile, kubeconfig } = identity;
  const given = tokenFile?.subject ?? kubeconfig?.subject;
  if (given !== undefined) return given;
  const user = gke?.serviceAccountEmail ?? aks?.objectId;
  return user === undefined ? { group: eks?.kubernetesGroup ?? `meshvm:${namespace}:${group}` } : { user };
}

/** The same as RoleBindings name it. */
export function subjectOf(identity: MachineIdentity, namespace: string, group: string): Subject {
  return knownSubject(kubernetesSubjectOf(identity, namespace, group));
}

/** A subject as RoleBindings name it. */
export function knownSubject({ user, group, serviceAccount }: KubernetesSubject): Subject {
  if (serviceAccount !== undefined) return { kind: 'ServiceAccount', ...serviceAccount };
  if (user !== undefined) return { kind: 'User', name: user, namespace: undefined };
  return { kind: 'Group', name: group ?? '', namespace: undefined };
}
