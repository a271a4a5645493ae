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
export function bootstrapRole(member: Member): RoleObject {
  return role(bootstrapConfigMapName(member.name), member.namespace, [
    right(['serviceaccounts/token'], [member.serviceAccount], 'create'),
    right(
      ['configmaps'],
      [bootstrapConfigMapName(member.name), agentConfigMapName(member.name), ROOT_CERTIFICATE],
      'get',
    ),
  ]);
}

/** Gives the machines the rights of `bootstrapRole`. */
export function bootstrapRoleBinding(member: Member, subject: Subject): RoleBindingObject {
  return roleBinding(bootstrapConfigMapName(member.name), member.namespace, subject);
}

/** Lets the machines of a group read the address of the gateway, in the gateway's namespace. */
export function gatewayRole(
  member: Member,
  gateway: { readonly namespace: string; readonly name: string },
): RoleObject {
  return role(clusterName(member), gateway.namespace, [right(['services'], [gateway.name], 'get')]);
}

/** Gives the machines the right of `gatewayRole`. */
export function gatewayRoleBinding(
  member: Member,
  gateway: { readonly namespace: string },
  subject: Subject,
): RoleBindingObject {
  return roleBinding(clusterName(member), gateway.namespace, subject);
}

/** Lets the machines of a group see whether their guards are there: a cluster that is too old for them has none. */
export function guardRole(member: Member, guards: readonly string[]): RoleObject {
  const rule = right(['validatingadmissionpolicies', 'validatingadmissionpolicybindings'], guards, 'get');
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: clusterName(member) },
    rules: [{ ...rule, apiGroups: ['admissionregistration.k8s.io'] }],
  };
}

/** Gives the machines the right of `guardRole`. */
export function guardRoleBinding(member: Member, subject: Subject): RoleBindingObject {
  const { metadata, roleRef, ...binding } = roleBinding(clusterName(member), '', subject);
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
export function clusterName(member: Member): string {
  return `meshvm.${member.namespace}.${member.name}`;
}

function right(resources: readonly string[], resourceNames: readonly string[], verb: string): RoleRule {
  return { apiGroups: [''], resources, resourceNames, verbs: [verb] };
}
