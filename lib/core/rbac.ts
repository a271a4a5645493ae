import { compact, type KubernetesObject } from './kubernetes-object';

/** Who machines are to the API server. */
export interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
}

/** A Role: what may be done with which objects of its namespace. */
export interface RoleObject extends KubernetesObject {
  readonly rules: readonly RoleRule[];
}

/** A right, on objects by name. */
export interface RoleRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly verbs: readonly string[];
}

/** Who has the rights of a Role. */
export interface RoleBindingObject extends KubernetesObject {
  readonly roleRef: { readonly apiGroup: string; readonly kind: string; readonly name: string };
  readonly subjects: readonly Readonly<Record<string, string>>[];
}

/** A Role with rights by name. */
export function role(name: string, namespace: string, rules: readonly RoleRule[]): RoleObject {
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name, namespace }, rules };
}

/** Gives a subject the rights of the Role of the same name. */
export function roleBinding(name: string, namespace: string, subject: Subject): RoleBindingObject {
  const apiGroup = 'rbac.authorization.k8s.io';
  const { kind, name: who, namespace: where } = subject;
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name, namespace },
    roleRef: { apiGroup, kind: 'Role', name },
    // A ServiceAccount is of the core API group, which Kubernetes wants left out.
    subjects: [
      compact({
        apiGroup: kind === 'ServiceAccount' ? undefined : apiGroup,
        kind,
        name: who,
        namespace: where,
      }) as Readonly<Record<string, string>>,
    ],
  };
}
