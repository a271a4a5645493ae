import { gatewayRole, gatewayRoleBinding, gatewayServiceAccount } from '../../../lib/gateway/manifests/gateway-access';
import { gateway, metadata } from './gateway';

test('the ServiceAccount has no token in the pods', () => {
  expect(gatewayServiceAccount(gateway)).toStrictEqual({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata,
    automountServiceAccountToken: false,
  });
});

test('the role is to list secrets, which is what istiod asks for, and no more', () => {
  expect(gatewayRole(gateway)).toStrictEqual({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata,
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['list'] }],
  });
});

test('the role is given to the ServiceAccount', () => {
  expect(gatewayRoleBinding(gateway)).toStrictEqual({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'edge' },
    subjects: [{ kind: 'ServiceAccount', name: 'edge', namespace: 'gateways' }],
  });
});
