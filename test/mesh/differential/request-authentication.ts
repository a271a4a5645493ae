import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import {
  JwtKeys,
  JwtLocation,
  Mesh,
  RequestAuthentication,
  type RequestAuthenticationProps,
  WorkloadTarget,
} from 'meshvm';
import { requestAuthentication as manifest } from '../../../lib/access/manifests/request-authentication';
import { resolveRequestAuthentication } from '../../../lib/access/private/request-authentication';
import { type Subject, TRIAL_NAMESPACE } from './differential';
import * as value from './values';

const mesh = new Mesh({ meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1' });

const pairs = [
  generateKeyPairSync('rsa', { modulusLength: 2048 }),
  generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  generateKeyPairSync('ed25519'),
];
const publicKeys = pairs.map(({ publicKey }) => publicKey.export({ format: 'jwk' }));
const privateKeys = pairs.map(({ privateKey }) => privateKey.export({ format: 'jwk' }));

const jwks = value
  .mostly(
    fc.subarray(publicKeys, { minLength: 1 }),
    fc.oneof(
      fc.subarray(privateKeys),
      fc.constantFrom<object[]>([{}], [{ kty: 'RSA' }], [{ kty: 'oct', k: 'eA' }], [{ kty: 'no' }]),
    ),
    8,
  )
  .map((keys) => JSON.stringify({ keys }));
const text = value.mostly(jwks, fc.constantFrom('', 'PEM', '{}', '[]', '"a"', '{"keys":1}', '{"keys":[1]}'), 6);
const address = value.mostly(
  fc.constantFrom('https://login.example.com/keys', 'http://a:8080', 'HTTPS://a/b?c=d'),
  fc.constantFrom(
    '',
    'a',
    '/keys',
    'ftp://a/b',
    'https:a',
    'https://',
    'https:///a',
    'https://a b',
    `https://a/${'x'.repeat(2048)}`,
  ),
  6,
);
const keys = fc.oneof(
  text.map((inline) => JwtKeys.inline(inline)),
  address.map((uri) => JwtKeys.fromUri(uri)),
  fc.constant(JwtKeys.discovered()),
);
const word = value.mostly(fc.constantFrom('token', 'x-token', 'x_y'), fc.constantFrom('', 'a b', 'ü', '*'), 12);
const location = fc.oneof(
  fc.tuple(word, value.maybe(fc.constantFrom('', 'Bearer '))).map(([name, prefix]) => JwtLocation.header(name, prefix)),
  word.map((name) => JwtLocation.queryParameter(name)),
  word.map((name) => JwtLocation.cookie(name)),
);
const policyProps = fc.record({
  mesh: fc.constant(mesh),
  target: fc.constantFrom(WorkloadTarget.namespace(), WorkloadTarget.mesh()),
  name: value.maybe(value.name),
  issuer: value.mostly(fc.constantFrom('https://login.example.com', 'ours'), fc.constantFrom('', '*', 'a b')),
  keys: value.maybe(keys),
  audiences: value.maybe(fc.array(word, { maxLength: 2 })),
  locations: value.maybe(fc.array(location, { maxLength: 3 })),
  forwardOriginalToken: value.maybe(fc.boolean()),
  outputPayloadToHeader: value.maybe(word),
  outputClaimToHeaders: value.maybe(fc.dictionary(word, word, { maxKeys: 2 })),
});

/** RequestAuthentication. */
export const requestAuthentication: Subject<RequestAuthenticationProps> = {
  name: 'RequestAuthentication',
  props: policyProps,
  confirms: [
    'name/dns-subdomain',
    'request-authentication/claim-header',
    'request-authentication/jwks',
    'request-authentication/jwks-uri',
    'request-authentication/jwks-uri-length',
  ],
  construct(chart, props) {
    new RequestAuthentication(chart, 'tokens', props);
  },
  build(props) {
    return [manifest(resolveRequestAuthentication(props, 'tokens', TRIAL_NAMESPACE))];
  },
};
