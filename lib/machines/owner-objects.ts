import type { KubernetesObject } from '../core/kubernetes-object';
import { namespace } from '../core/namespace';
import { serviceAccount } from '../core/service-account';
import type { Mesh } from '../mesh/mesh';
import type { GroupNamespace } from './group-namespace';
import type { GroupServiceAccount } from './group-service-account';

/** What properties say of whose machines they are. */
export interface OwnerProps {
  readonly mesh: Mesh;
  readonly namespace?: GroupNamespace;
  readonly serviceAccount?: GroupServiceAccount;
}

/** The names of a namespace and of a ServiceAccount in it. */
export interface Owner {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** @param defaults Names of what is not named. */
export function resolveOwner({ namespace = {}, serviceAccount }: Omit<OwnerProps, 'mesh'>, defaults: Owner): Owner {
  const { create, createWithoutInjection, existing } = namespace;
  return {
    namespace: (create ?? createWithoutInjection ?? existing)?.name ?? defaults.namespace,
    serviceAccount: accountNameOf(serviceAccount) ?? defaults.serviceAccount,
  };
}

/** The name that a ServiceAccount was given; undefined for that of its machines. */
export function accountNameOf(account: GroupServiceAccount | undefined): string | undefined {
  return account?.existing ?? account?.shared ?? account?.create?.name;
}

/** The namespace and the ServiceAccount, where they are not there already, by the ids of their constructs. */
export function ownerObjects(props: OwnerProps, owner: Owner): Readonly<Record<string, KubernetesObject>> {
  const { create, createWithoutInjection } = props.namespace ?? { create: {} };
  const objects: Record<string, KubernetesObject> = {};
  if (create !== undefined) objects.Namespace = namespace(owner.namespace, props.mesh.injectionLabel);
  if (createWithoutInjection !== undefined) objects.Namespace = namespace(owner.namespace, {});
  if ((props.serviceAccount ?? { create: {} }).create !== undefined) {
    objects.ServiceAccount = serviceAccount(owner.serviceAccount, owner.namespace);
  }
  return objects;
}
