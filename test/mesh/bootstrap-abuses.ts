import { entry, tokenRequest } from './bootstrap-access-fixtures';
import type { KubernetesObject } from './harness';

export const NAMESPACES = '/api/v1/namespaces';
export const TOKENS = `${NAMESPACES}/payments/serviceaccounts/payment-service/token`;
export const CONFIG_MAPS = `${NAMESPACES}/payments/configmaps`;
export const GATEWAY = `${NAMESPACES}/istio-system/services/istio-eastwestgateway`;
export const ENTRIES = '/apis/networking.istio.io/v1/namespaces/payments/workloadentries';
export const POLICIES = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';

/** What a machine has no right to: what it is, the method, the path and the body. */
export const FORBIDDEN: readonly [string, string, string, unknown?][] = [
  ["a token of its group's neighbour", 'POST', `${NAMESPACES}/payments/serviceaccounts/ledger/token`, tokenRequest()],
  [
    'a token of a mightier ServiceAccount',
    'POST',
    `${NAMESPACES}/payments/serviceaccounts/admin/token`,
    tokenRequest(),
  ],
  [
    'a token of its namesake elsewhere',
    'POST',
    `${NAMESPACES}/shop/serviceaccounts/payment-service/token`,
    tokenRequest(),
  ],
  ["another group's files", 'GET', `${CONFIG_MAPS}/ledger-bootstrap`],
  ["another group's agent", 'GET', `${CONFIG_MAPS}/ledger-agent`],
  ['the list of ConfigMaps', 'GET', CONFIG_MAPS],
  [
    'the list of ConfigMaps, by its own name',
    'GET',
    `${CONFIG_MAPS}?fieldSelector=metadata.name%3Dpayment-service-bootstrap`,
  ],
  ['a watch of ConfigMaps', 'GET', `${CONFIG_MAPS}?watch=true&timeoutSeconds=1`],
  ['the files of its namesake elsewhere', 'GET', `${NAMESPACES}/shop/configmaps/payment-service-bootstrap`],
  ['the root certificate of another namespace', 'GET', `${NAMESPACES}/shop/configmaps/istio-ca-root-cert`],
  ["istiod's configuration", 'GET', `${NAMESPACES}/istio-system/configmaps/istio`],
  ['a change of its files', 'PATCH', `${CONFIG_MAPS}/payment-service-bootstrap`, { data: { 'cluster.env': '' } }],
  ['a change of its agent', 'PATCH', `${CONFIG_MAPS}/payment-service-agent`, { data: { 'meshvm.py': '' } }],
  ['the removal of its files', 'DELETE', `${CONFIG_MAPS}/payment-service-bootstrap`],
  ['another Service beside the gateway', 'GET', `${NAMESPACES}/istio-system/services/other`],
  ['the list of Services', 'GET', `${NAMESPACES}/istio-system/services`],
  ['a change of the gateway', 'PATCH', GATEWAY, { metadata: { annotations: { a: 'b' } } }],
  ["istiod's key", 'GET', `${NAMESPACES}/istio-system/secrets/istio-ca-secret`],
  ['Secrets of its own namespace', 'GET', `${NAMESPACES}/payments/secrets`],
  ['its ServiceAccount', 'GET', `${NAMESPACES}/payments/serviceaccounts/payment-service`],
  ['a new ServiceAccount', 'POST', `${NAMESPACES}/payments/serviceaccounts`, object('v1', 'ServiceAccount', 'mine')],
  ['a WorkloadEntry by its own hand', 'POST', ENTRIES, entry()],
  ['the list of WorkloadEntries', 'GET', ENTRIES],
  [
    'a change of its WorkloadGroup',
    'PATCH',
    ENTRIES.replace('workloadentries', 'workloadgroups/payment-service'),
    { spec: {} },
  ],
  ['the removal of a guard', 'DELETE', `${POLICIES}/meshvm.payments.payment-service.token`],
  [
    'a Role for itself',
    'POST',
    '/apis/rbac.authorization.k8s.io/v1/namespaces/payments/rolebindings',
    object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'mine'),
  ],
];

/** An object that says nothing but its name. */
export function object(apiVersion: string, kind: string, name: string, namespace = 'payments'): KubernetesObject {
  return { apiVersion, kind, metadata: { name, namespace } };
}
