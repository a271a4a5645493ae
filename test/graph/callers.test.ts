import { buildGraph } from '../../lib/graph/build-graph';
import { EdgeKind } from '../../lib/graph/graph';
import { group, object, type TestObject } from './objects';

const strict = object('PeerAuthentication', 'istio-system/default', { mtls: { mode: 'STRICT' } });

function policy(path: string, spec: Record<string, unknown>, metadata: Record<string, unknown> = {}): TestObject {
  return object('AuthorizationPolicy', path, spec, metadata);
}

function picture(objects: readonly TestObject[]) {
  const { nodes, edges, notes } = buildGraph([strict, ...objects]);
  return {
    edges: edges.map(({ kind, from, to, labels }) => [kind, from, to, labels]),
    states: nodes.filter(({ id }) => id.startsWith('group')).map(({ id, lines, open }) => [id, lines.at(-1), open]),
    notes,
  };
}

const from = (source: Record<string, unknown>) => [{ source }];

test('a caller that is drawn calls from its own box, by what the rule allows', () => {
  const rules = [
    {
      from: from({ principals: ['acme.example/ns/shop/sa/web'] }),
      to: [{ operation: { methods: ['GET', 'POST'], paths: ['/pay'], ports: ['8080'] } }],
      when: [{ key: 'request.auth.claims[aud]', values: ['a', 'b'] }],
    },
  ];
  const allow = policy('pay/allow', { selector: { matchLabels: { app: 'pay' } }, action: 'ALLOW', rules });
  expect(picture([group('shop/web'), group('pay/pay'), allow])).toStrictEqual({
    edges: [
      [
        EdgeKind.ALLOWS,
        'group_shop_web',
        'group_pay_pay',
        ['GET, POST /pay port 8080 when request.auth.claims[aud] is a or b'],
      ],
    ],
    states: [
      ['group_pay_pay', 'closed: only drawn callers may call', []],
      ['group_shop_web', 'mTLS STRICT', ['every caller may call: no policy allows only some']],
    ],
    notes: [],
  });
});

test.each([
  [{ principals: ['td/ns/a/sa/b'] }, 'caller_ServiceAccount_a_b'],
  [{ serviceAccounts: ['a/b'] }, 'caller_ServiceAccount_a_b'],
  [{ principals: ['*'] }, 'caller_everybody_with_an_identity_in_the_mesh'],
  [{ principals: ['*/ns/a/*'] }, 'caller_identity___ns_a__'],
  [{ namespaces: ['a', 'b'] }, 'caller_namespace_a_or_b'],
  [{ ipBlocks: ['10.0.0.0/8'], notNamespaces: ['x'] }, 'caller_address_10_0_0_0_8_and_not_namespace_x'],
  [{}, 'caller_everybody'],
])('the source %j is a caller of its own', (source, id) => {
  const { edges } = picture([group('pay/pay'), policy('pay/p', { rules: [{ from: from(source) }] })]);
  expect(edges).toStrictEqual([[EdgeKind.ALLOWS, id, 'group_pay_pay', ['everything']]]);
});

test('denials, dry runs and policies of others are no permission', () => {
  const rules = [{ to: [{ operation: { notPaths: ['/a'], hosts: ['h'] } }] }];
  const { edges, states } = picture([
    group('pay/pay'),
    policy('pay/a', { action: 'DENY', rules }),
    policy('pay/b', { action: 'ALLOW', rules }, { annotations: { 'istio.io/dry-run': 'true' } }),
    policy('pay/c', { action: 'CUSTOM', provider: { name: 'opa' }, rules }),
  ]);
  expect(edges).toStrictEqual([
    [EdgeKind.DENIES, 'caller_everybody', 'group_pay_pay', ['host h not /a']],
    [
      EdgeKind.WATCHES,
      'caller_everybody',
      'group_pay_pay',
      ['dry run of ALLOW host h not /a', 'CUSTOM opa host h not /a'],
    ],
  ]);
  expect(states).toStrictEqual([
    ['group_pay_pay', 'mTLS STRICT', ['every caller may call: no policy allows only some']],
  ]);
});

test('deny by default closes its namespace, or the mesh from the root namespace', () => {
  const groups = [group('pay/pay'), group('shop/web')];
  const closed = (objects: readonly TestObject[]) => picture(objects).states.map(([id, last]) => [id, last]);
  expect(closed([...groups, policy('pay/deny', {})])).toStrictEqual([
    ['group_pay_pay', 'closed: only drawn callers may call'],
    ['group_shop_web', 'mTLS STRICT'],
  ]);
  expect(closed([...groups, policy('istio-system/deny', {})])).toStrictEqual([
    ['group_pay_pay', 'closed: only drawn callers may call'],
    ['group_shop_web', 'closed: only drawn callers may call'],
  ]);
});

test('a policy for nothing is said, and a machine without a sidecar is neither closed nor a caller', () => {
  const machine = object('WorkloadEntry', 'pay/old', { address: '10.0.0.1', labels: { app: 'pay' } });
  const allow = policy('pay/p', { selector: { matchLabels: { app: 'pay' } }, rules: [{}] });
  expect(picture([machine, allow])).toStrictEqual({
    edges: [],
    states: [],
    notes: ['AuthorizationPolicy pay/p holds for nothing that is drawn'],
  });
});
