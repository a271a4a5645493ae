import { requestAuthentication } from '../../../lib/access/manifests/request-authentication';

describe('requestAuthentication', () => {
  test('writes nothing of what is empty or off', () => {
    const policy = {
      name: 'tokens',
      namespace: 'payments',
      matchLabels: { app: 'pay' },
      issuer: 'ours',
      jwksUri: undefined,
      jwks: '{}',
      audiences: [],
      fromHeaders: [],
      fromParams: [],
      fromCookies: [],
      forwardOriginalToken: false,
      outputPayloadToHeader: undefined,
      outputClaimToHeaders: [],
    };
    expect(requestAuthentication(policy)).toStrictEqual({
      apiVersion: 'security.istio.io/v1',
      kind: 'RequestAuthentication',
      metadata: { name: 'tokens', namespace: 'payments' },
      spec: { selector: { matchLabels: { app: 'pay' } }, jwtRules: [{ issuer: 'ours', jwks: '{}' }] },
    });
  });
});
