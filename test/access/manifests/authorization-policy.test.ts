import { authorizationPolicy } from '../../../lib/access/manifests/authorization-policy';

const POLICY = { name: 'p', namespace: 'payments', matchLabels: undefined, dryRun: false };
const NOTHING = { sources: [], methods: [], paths: [], ports: [], conditions: [] };

describe('authorizationPolicy', () => {
  test('without an action allows nothing, and has no rules at all', () => {
    expect(authorizationPolicy({ ...POLICY, action: undefined, rules: [] })).toStrictEqual({
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'p', namespace: 'payments' },
      spec: {},
    });
  });

  test('leaves out of a rule what is empty, and writes ports as text', () => {
    const rules = [
      { ...NOTHING, ports: [8080] },
      { ...NOTHING, sources: [{ namespaces: ['a'] }], conditions: [{ key: 'k', values: ['v'] }] },
      NOTHING,
    ];
    expect(authorizationPolicy({ ...POLICY, action: 'DENY', rules }).spec).toStrictEqual({
      action: 'DENY',
      rules: [
        { to: [{ operation: { ports: ['8080'] } }] },
        { from: [{ source: { namespaces: ['a'] } }], when: [{ key: 'k', values: ['v'] }] },
        {},
      ],
    });
  });

  test('says in an annotation that it is only tried out', () => {
    const tried = authorizationPolicy({ ...POLICY, dryRun: true, action: 'ALLOW', rules: [NOTHING] });
    expect(tried.metadata).toStrictEqual({
      name: 'p',
      namespace: 'payments',
      annotations: { 'istio.io/dry-run': 'true' },
    });
  });
});
