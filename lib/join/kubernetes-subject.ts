import type { ServiceAccountSubject } from '../mesh/service-account-subject';

/** Who the API server takes a machine for: what a RoleBinding names. */
export class KubernetesSubject {
  /**
   * A user, as the API server's authentication names it.
   *
   * @param name Such as `vm-payments` or `oidc:vm-payments`; not one of Kubernetes's own, which start with `system:`.
   */
  public static user(name: string): KubernetesSubject {
    return new KubernetesSubject({ user: name });
  }

  /**
   * A group, as the API server's authentication names it.
   *
   * @param name Such as `vm-payments`; not one of Kubernetes's own, which start with `system:`.
   */
  public static group(name: string): KubernetesSubject {
    return new KubernetesSubject({ group: name });
  }

  /**
   * A ServiceAccount. Not the one that the machines carry in the mesh: that one needs no right in the cluster.
   *
   * @param namespace Namespace of the ServiceAccount.
   * @param name Name of the ServiceAccount.
   */
  public static serviceAccount(namespace: string, name: string): KubernetesSubject {
    return new KubernetesSubject({ serviceAccount: { namespace, name } });
  }

  /** {@link KubernetesSubject.user} */
  declare public readonly user?: string;
  /** {@link KubernetesSubject.group} */
  declare public readonly group?: string;
  /** {@link KubernetesSubject.serviceAccount} */
  declare public readonly serviceAccount?: ServiceAccountSubject;

  private constructor(choice: KubernetesSubject) {
    Object.assign(this, choice);
  }
}
