import { buildGraph } from '../../lib/graph/build-graph';
import { group, object, type TestObject } from './objects';

const everyCaller = 'every caller may call: no policy allows only some';

function states(policies: readonly TestObject[], rootNamespace?: string) {
  const { nodes } = buildGraph([group('shop/pay'), ...policies], { rootNamespace });
  return [...nodes[0].lines.slice(1), ...nodes[0].open.filter((line) => line !== everyCaller)];
}

function policy(path: string, mode: string, spec: Record<string, unknown> = {}, createdAt?: string): TestObject {
  return object('PeerAuthentication', path, { mtls: { mode }, ...spec }, { creationTimestamp: createdAt });
}

const selector = { matchLabels: { app: 'pay' } };

test.each<readonly [string, readonly TestObject[], readonly string[]]>([
  ['nothing', [], ["plain text too: mTLS PERMISSIVE, Istio's default"]],
  ['the mesh', [policy('istio-system/m', 'STRICT')], ['mTLS STRICT']],
  [
    'its namespace, before the mesh',
    [policy('istio-system/m', 'STRICT'), policy('shop/n', 'DISABLE')],
    ['plain text alone: mTLS DISABLE'],
  ],
  [
    'itself, before its namespace',
    [policy('shop/n', 'DISABLE'), policy('shop/w', 'STRICT', { selector })],
    ['mTLS STRICT'],
  ],
  [
    'its namespace, where its own is UNSET',
    [policy('shop/n', 'STRICT'), policy('shop/w', 'UNSET', { selector })],
    ['mTLS STRICT'],
  ],
  ['not by another namespace', [policy('other/n', 'STRICT')], ["plain text too: mTLS PERMISSIVE, Istio's default"]],
  [
    'the oldest of two',
    [
      policy('shop/a', 'STRICT', {}, '2026-02-01T00:00:00Z'),
      policy('shop/b', 'PERMISSIVE', {}, '2026-01-01T00:00:00Z'),
    ],
    ['plain text too: mTLS PERMISSIVE'],
  ],
])('the mode is decided by %s', (_, policies, expected) => {
  expect(states(policies)).toStrictEqual(expected);
});

test('a port that takes plain text is open', () => {
  const portLevelMtls = { 8081: { mode: 'PERMISSIVE' }, 8443: { mode: 'STRICT' } };
  expect(states([policy('shop/w', 'STRICT', { selector, portLevelMtls })])).toStrictEqual([
    'mTLS STRICT',
    'mTLS STRICT on port 8443',
    'plain text on port 8081: mTLS PERMISSIVE',
  ]);
});

test('another root namespace', () => {
  expect(states([policy('root/m', 'STRICT')], 'root')).toStrictEqual(['mTLS STRICT']);
});

test('whose tokens are verified', () => {
  const tokens = object('RequestAuthentication', 'shop/t', { selector, jwtRules: [{ issuer: 'https://id.example' }] });
  expect(states([policy('istio-system/m', 'STRICT'), tokens])).toStrictEqual([
    'mTLS STRICT',
    'verifies tokens of https://id.example',
  ]);
});
