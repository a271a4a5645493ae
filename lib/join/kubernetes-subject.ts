import { Problems, rule } from '../core/problems';
import { checkDnsLabel, checkDnsSubdomain, checkRequired } from '../core/values/names';

const TOO_WIDE = rule({
  id: 'identity/subject-too-wide',
  origin: 'meshvm',
  allowed: 'a user or group of your own; names that start with "system:" are Kubernetes\'s',
  remedy: 'give the machines of a group a user or group of their own',
  source:
    'Kubernetes: system:authenticated is everybody, system:masters may do everything; EKS access entries refuse the prefix',
});

/** Who the API server takes a machine for: what a RoleBinding names. */
export class KubernetesSubject {
  /**
   * A user, as the API server's authentication names it.
   *
   * @param name Such as `vm-payments` or `oidc:vm-payments`.
   * @throws ValidationError for a name that is empty or Kubernetes's own.
   */
  public static user(name: string): KubernetesSubject {
    return new KubernetesSubject('User', name, undefined);
  }

  /**
   * A group, as the API server's authentication names it.
   *
   * @param name Such as `vm-payments`.
   * @throws ValidationError for a name that is empty or Kubernetes's own.
   */
  public static group(name: string): KubernetesSubject {
    return new KubernetesSubject('Group', name, undefined);
  }

  /**
   * A ServiceAccount. Not the one that the machines carry in the mesh: that one needs no right in the cluster.
   *
   * @param namespace Namespace of the ServiceAccount.
   * @param name Name of the ServiceAccount.
   * @throws ValidationError for names that Kubernetes refuses.
   */
  public static serviceAccount(namespace: string, name: string): KubernetesSubject {
    return new KubernetesSubject('ServiceAccount', name, namespace);
  }

  private constructor(
    /** `User`, `Group` or `ServiceAccount`. */
    public readonly kind: string,
    /** Name of the user, group or ServiceAccount. */
    public readonly name: string,
    /** Namespace of the ServiceAccount; undefined for users and groups. */
    public readonly namespace: string | undefined,
  ) {
    const problems = new Problems();
    if (namespace !== undefined) {
      checkDnsLabel(problems, 'namespace', namespace);
      checkDnsSubdomain(problems, 'name', name);
    } else {
      checkRequired(problems, 'name', name);
      if (String(name).startsWith('system:')) problems.add(TOO_WIDE, 'name', name);
    }
    problems.throwIfAny(`KubernetesSubject.${kind.charAt(0).toLowerCase()}${kind.slice(1)}`);
  }
}
