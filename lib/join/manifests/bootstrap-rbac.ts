import {
  type RoleBindingObject,
  type RoleObject,
  type RoleRule,
  role,
  roleBinding,
  type Subject,
} from '../../core/rbac';
import type { Member } from '../../machines/member';
import { agentConfigMapName, bootstrapConfigMapName } from './bootstrap-config-map';

/** The ConfigMap in which istiod publishes the root certificate. Upstream: istio controller.CACertNamespaceConfigMap. */
const ROOT_CERTIFICATE = 'istio-ca-root-cert';

/**
 * What the machines of a group may do in the cluster, each by name: make a token of their ServiceAccount, and read the group's files and
 * the root certificate. No list, no watch: a machine learns of nothing else.
 */
export function bootstrapRole(machines: Member): RoleObject {
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
export function bootstrapRoleBinding(machines: Member, subject: Subject): RoleBindingObject {
  return roleBinding(bootstrapConfigMapName(machines.name), machines.namespace, subject);
}

/** Lets the machines of a group read the address of the gateway, in the gateway's namespace. */
export function gatewayRole(
  machines: Member,
  gateway: { readonly namespace: string; readonly name: string },
): RoleObject {
  return role(clusterName(machines), gateway.namespace, [right(['services'], [gateway.name], 'get')]);
}

/** Gives the machines the right of `gatewayRole`. */
export function gatewayRoleBinding(
  machines: Member,
  gateway: { readonly namespace: string },
  subject: Subject,
): RoleBindingObject {
  return roleBinding(clusterName(machines), gateway.namespace, subject);
}

/** Lets the machines of a group see whether their guards are there: a cluster that is too old for them has none. */
export function guardRole(machines: Member, guards: readonly string[]): RoleObject {
  const rule = right(['validatingadmissionpolicies', 'validatingadmissionpolicybindings'], guards, 'get');
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: clusterName(machines) },
    rules: [{ ...rule, apiGroups: ['admissionregistration.k8s.io'] }],
  };
}

/** Gives the machines the right of `guardRole`. */
export function guardRoleBinding(machines: Member, subject: Subject): RoleBindingObject {
  const { metadata, roleRef, ...binding } = roleBinding(clusterName(machines), '', subject);
  return {
    ...binding,
    kind: 'ClusterRoleBinding',
    metadata: { name: metadata.name },
    roleRef: { ...roleRef, kind: 'ClusterRole' },
  };
}

/**
 * Name of a group's objects outside its namespace. No two groups share one: a namespace has no ".", and the first "." after `meshvm.`
 * ends it.
 */
export function clusterName(machines: Member): string {
  return `meshvm.${machines.namespace}.${machines.name}`;
}

function right(resources: readonly string[], resourceNames: readonly string[], verb: string): RoleRule {
  return { apiGroups: [''], resources, resourceNames, verbs: [verb] };
}
