import { generateKeyPairSync } from 'node:crypto';
import { Problems } from '../../../lib/core/problems';
import { checkJwks } from '../../../lib/core/values/json-web-keys';

const PAIRS = {
  RSA: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  EC: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  Ed25519: generateKeyPairSync('ed25519'),
};

function problemsOf(text: unknown): readonly string[] {
  const problems = new Problems();
  checkJwks(problems, 'jwks', text);
  return problems.all.map(({ property, id }) => `${property} [${id}]`);
}

describe('checkJwks', () => {
  test.each(Object.entries(PAIRS))('takes a public key of type %s, and refuses the private one', (_type, pair) => {
    const set = (key: object) => JSON.stringify({ keys: [key] });
    expect(problemsOf(set(pair.publicKey.export({ format: 'jwk' })))).toStrictEqual([]);
    expect(problemsOf(set(pair.privateKey.export({ format: 'jwk' })))).toStrictEqual([
      'jwks.keys[0] [request-authentication/jwks-private-key]',
    ]);
  });

  test.each<[unknown, string]>([
    ['', 'jwks [property/required]'],
    [undefined, 'jwks [property/required]'],
    ['PEM', 'jwks [request-authentication/jwks]'],
    ['[]', 'jwks [request-authentication/jwks]'],
    ['null', 'jwks [request-authentication/jwks]'],
    ['{}', 'jwks.keys [request-authentication/jwks-key]'],
    ['{"keys":{}}', 'jwks.keys [request-authentication/jwks-key]'],
    ['{"keys":[]}', 'jwks.keys [request-authentication/jwks-key]'],
    ['{"keys":[1]}', 'jwks.keys[0] [request-authentication/jwks-key]'],
    ['{"keys":[{"kty":"RSA","n":"AQAB"}]}', 'jwks.keys[0] [request-authentication/jwks-key]'],
  ])('refuses %j', (text, expected) => {
    expect(problemsOf(text)).toStrictEqual([expected]);
  });
});
