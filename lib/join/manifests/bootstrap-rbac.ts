import { compact, type KubernetesObject } from '../../core/kubernetes-object';
import type { Machines } from '../../machines/manifests/machines';
import { agentConfigMapName, bootstrapConfigMapName } from './bootstrap-config-map';

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

/** The ConfigMap in which istiod publishes the root certificate. Upstream: istio controller.CACertNamespaceConfigMap. */
const ROOT_CERTIFICATE = 'istio-ca-root-cert';

/**
 * What the machines of a group may do in the cluster, each by name: make a token of their ServiceAccount, and read the group's files and
 * the root certificate. No list, no watch: a machine learns of nothing else.
 */
export function bootstrapRole(machines: Machines): RoleObject {
  return role(bootstrapConfigMapName(machines.name), machines.namespace, [
    right(['serviceaccounts/token'], [machines.serviceAccount], 'create'),
    right(
      ['configmaps'],
      [bootstrapConfigMapName(machines.name), agentConfigMapName(machines.name), ROOT_CERTIFICATE],
      'get',
    ),
  ]);
}

/** Gives the machines the rights of `bootstrapRole`. */
export function bootstrapRoleBinding(machines: Machines, subject: Subject): RoleBindingObject {
  return roleBinding(bootstrapConfigMapName(machines.name), machines.namespace, subject);
}

/** Lets the machines of a group read the address of the gateway, in the gateway's namespace. */
export function gatewayRole(
  machines: Machines,
  gateway: { readonly namespace: string; readonly name: string },
): RoleObject {
  return role(clusterName(machines), gateway.namespace, [right(['services'], [gateway.name], 'get')]);
}

/** Gives the machines the right of `gatewayRole`. */
export function gatewayRoleBinding(
  machines: Machines,
  gateway: { readonly namespace: string },
  subject: Subject,
): RoleBindingObject {
  return roleBinding(clusterName(machines), gateway.namespace, subject);
}

/**
 * Name of a group's objects outside its namespace. No two groups share one: a namespace has no ".", and the first "." after `meshvm.`
 * ends it.
 */
export function clusterName(machines: Machines): string {
  return `meshvm.${machines.namespace}.${machines.name}`;
}

function right(resources: readonly string[], resourceNames: readonly string[], verb: string): RoleRule {
  return { apiGroups: [''], resources, resourceNames, verbs: [verb] };
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
