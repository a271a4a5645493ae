import { peerAuthentication } from '../../../lib/access/manifests/peer-authentication';

describe('peerAuthentication', () => {
  test('writes ports as keys of a map, in the order of their numbers', () => {
    const policy = {
      name: 'shop',
      namespace: 'payments',
      matchLabels: { app: 'shop' },
      mode: 'UNSET',
      ports: [
        { port: 9090, mode: 'DISABLE' },
        { port: 8080, mode: 'STRICT' },
      ],
    };
    expect(JSON.stringify(peerAuthentication(policy).spec)).toBe(
      '{"selector":{"matchLabels":{"app":"shop"}},"mtls":{"mode":"UNSET"},' +
        '"portLevelMtls":{"8080":{"mode":"STRICT"},"9090":{"mode":"DISABLE"}}}',
    );
  });

  test('has neither selector nor ports without any', () => {
    const policy = { name: 'default', namespace: 'payments', matchLabels: undefined, mode: 'STRICT', ports: [] };
    expect(peerAuthentication(policy)).toStrictEqual({
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'default', namespace: 'payments' },
      spec: { mtls: { mode: 'STRICT' } },
    });
  });
});
