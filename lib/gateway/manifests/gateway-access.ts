import type { PolicyRule, RoleRef, Subject } from '../../../imports/k8s';
import type { KubernetesObject, Plain } from '../../core/kubernetes-object';
import type { ServiceAccountObject } from '../../core/service-account';
import type { GatewayWorkload } from '../gateway';

/** A Role. */
export interface RoleObject extends KubernetesObject {
  readonly rules: readonly Plain<PolicyRule>[];
}

/** A RoleBinding. */
export interface RoleBindingObject extends KubernetesObject {
  readonly roleRef: Plain<RoleRef>;
  readonly subjects: readonly Plain<Subject>[];
}

/** The identity of the gateway's pods. */
export function gatewayServiceAccount(gateway: GatewayWorkload): ServiceAccountObject {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: gateway.name, namespace: gateway.namespace, labels: gateway.labels },
    automountServiceAccountToken: false,
  };
}

/**
 * The right by which istiod tells whether it may serve the gateway TLS secrets of its namespace: it asks the API server whether the
 * ServiceAccount may list secrets, all of them, so the role can't name one (istio pilot/pkg/credentials/kube Authorize). Istio's
 * chart grants get and watch too, which nothing uses.
 */
export function gatewayRole(gateway: GatewayWorkload): RoleObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: gateway.name, namespace: gateway.namespace, labels: gateway.labels },
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['list'] }],
  };
}

/** Gives the role to the gateway's ServiceAccount. */
export function gatewayRoleBinding(gateway: GatewayWorkload): RoleBindingObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: gateway.name, namespace: gateway.namespace, labels: gateway.labels },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: gateway.name },
    subjects: [{ kind: 'ServiceAccount', name: gateway.name, namespace: gateway.namespace }],
  };
}
