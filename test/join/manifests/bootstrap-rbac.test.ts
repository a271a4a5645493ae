import {
  bootstrapRole,
  bootstrapRoleBinding,
  clusterName,
  gatewayRole,
  gatewayRoleBinding,
} from '../../../lib/join/manifests/bootstrap-rbac';
import { member } from '../../machines/member';

// What the rights allow and refuse is tested on a real API server: test/mesh/bootstrap-access.test.ts.
describe("machines' rights", () => {
  const user = { kind: 'User', name: 'vm', namespace: undefined };

  test('are by name', () => {
    expect(bootstrapRole(member).rules).toStrictEqual([
      { apiGroups: [''], resources: ['serviceaccounts/token'], resourceNames: ['shop'], verbs: ['create'] },
      {
        apiGroups: [''],
        resources: ['configmaps'],
        resourceNames: ['shop-bootstrap', 'shop-agent', 'istio-ca-root-cert'],
        verbs: ['get'],
      },
    ]);
    expect(gatewayRole(member, { namespace: 'istio-system', name: 'eastwest' })).toMatchObject({
      metadata: { name: 'meshvm.payments.shop', namespace: 'istio-system' },
      rules: [{ apiGroups: [''], resources: ['services'], resourceNames: ['eastwest'], verbs: ['get'] }],
    });
  });

  test('belong to one subject', () => {
    const apiGroup = 'rbac.authorization.k8s.io';
    expect(bootstrapRoleBinding(member, user)).toMatchObject({
      metadata: { name: 'shop-bootstrap', namespace: 'payments' },
      roleRef: { apiGroup, kind: 'Role', name: 'shop-bootstrap' },
      subjects: [{ apiGroup, kind: 'User', name: 'vm' }],
    });
    const account = { kind: 'ServiceAccount', name: 'vm', namespace: 'machines' };
    expect(gatewayRoleBinding(member, { namespace: 'istio-system' }, account).subjects).toStrictEqual([
      { kind: 'ServiceAccount', name: 'vm', namespace: 'machines' },
    ]);
  });

  test('of two groups never share a name', () => {
    const names = [
      { ...member, namespace: 'a', name: 'b.c' },
      { ...member, namespace: 'a-b', name: 'c' },
      { ...member, namespace: 'a', name: 'b-c' },
    ].map(clusterName);
    expect(new Set(names).size).toBe(3);
  });
});
