import { generateKeyPairSync } from 'node:crypto';
import { type Chart, Testing } from 'cdk8s';
import {
  JwtKeys,
  JwtLocation,
  MeshVmGroup,
  RequestAuthentication,
  type RequestAuthenticationProps,
  WorkloadTarget,
} from 'meshvm';
import { aChart, aMesh, errorOf, groupProps, problemsOf } from '../fixtures';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const PUBLIC = publicKey.export({ format: 'jwk' });
const ISSUER = 'https://login.example.com';

function jwks(...keys: unknown[]): JwtKeys {
  return JwtKeys.inline(JSON.stringify({ keys }));
}

function policy(chart: Chart, props: Partial<RequestAuthenticationProps> = {}): RequestAuthentication {
  const target = WorkloadTarget.namespace();
  return new RequestAuthentication(chart, 'tokens', { mesh: aMesh(), target, issuer: ISSUER, ...props });
}

function ruleOf(props: Partial<RequestAuthenticationProps>): unknown {
  const chart = aChart();
  policy(chart, props);
  return Testing.synth(chart)[0].spec.jwtRules[0];
}

describe('RequestAuthentication', () => {
  test('for a group verifies the tokens of an issuer', () => {
    const chart = aChart();
    const group = new MeshVmGroup(chart, 'pay', groupProps());
    const tokens = group.authenticateRequests({ issuer: ISSUER, audiences: ['pay'] });
    expect(Testing.synth(chart).at(-1)).toStrictEqual({
      apiVersion: 'security.istio.io/v1',
      kind: 'RequestAuthentication',
      metadata: { name: 'pay', namespace: 'payments' },
      spec: {
        selector: { matchLabels: { app: 'pay', version: 'latest' } },
        jwtRules: [{ issuer: ISSUER, audiences: ['pay'] }],
      },
    });
    expect({ ...tokens, node: undefined }).toMatchObject({
      policyName: 'pay',
      namespace: 'payments',
      matchLabels: { app: 'pay', version: 'latest' },
      meshWide: false,
      issuer: ISSUER,
    });
  });

  test('may be for the mesh', () => {
    const chart = aChart();
    expect(policy(chart, { target: WorkloadTarget.mesh() }).meshWide).toBe(true);
    expect(Testing.synth(chart)).toMatchObject([{ metadata: { name: 'tokens', namespace: 'istio-system' } }]);
  });

  test('says where keys and tokens are, and what the application gets', () => {
    expect(
      ruleOf({
        keys: JwtKeys.fromUri('https://login.example.com/keys'),
        locations: [
          JwtLocation.header('x-token', 'Token '),
          JwtLocation.header('x-other'),
          JwtLocation.queryParameter('token'),
          JwtLocation.cookie('session'),
        ],
        forwardOriginalToken: true,
        outputPayloadToHeader: 'x-payload',
        outputClaimToHeaders: { 'x-user': 'sub' },
      }),
    ).toStrictEqual({
      issuer: ISSUER,
      jwksUri: 'https://login.example.com/keys',
      fromHeaders: [{ name: 'x-token', prefix: 'Token ' }, { name: 'x-other' }],
      fromParams: ['token'],
      fromCookies: ['session'],
      forwardOriginalToken: true,
      outputPayloadToHeader: 'x-payload',
      outputClaimToHeaders: [{ header: 'x-user', claim: 'sub' }],
    });
  });

  test('takes keys as they are', () => {
    expect(ruleOf({ issuer: 'ours', keys: jwks(PUBLIC) })).toStrictEqual({
      issuer: 'ours',
      jwks: JSON.stringify({ keys: [PUBLIC] }),
    });
  });

  test.each<[string, Partial<RequestAuthenticationProps>, readonly string[]]>([
    ['a name that is none', { name: 'A' }, ['name [name/dns-subdomain]']],
    [
      'the namespace of the control plane',
      { target: WorkloadTarget.namespace('istio-system') },
      ['target [target/namespace-is-root]'],
    ],
    ['no issuer', { issuer: '' }, ['issuer [property/required]']],
    ['a wildcard for an issuer', { issuer: 'https://*' }, ['issuer [request-authentication/issuer]']],
    [
      'an issuer that says nothing of its keys',
      { issuer: 'ours' },
      ['issuer [request-authentication/issuer-not-discoverable]'],
    ],
    ['keys at no address', { keys: JwtKeys.fromUri('a/keys') }, ['keys.uri [request-authentication/jwks-uri]']],
    [
      'keys at no host',
      { keys: JwtKeys.fromUri('https:///keys') },
      ['keys.uri [request-authentication/jwks-uri-host]'],
    ],
    [
      'a long address of keys',
      { keys: JwtKeys.fromUri(`https://a/${'x'.repeat(2040)}`) },
      ['keys.uri [request-authentication/jwks-uri-length]'],
    ],
    ['keys that are none', { keys: JwtKeys.inline('PEM') }, ['keys.inline [request-authentication/jwks]']],
    [
      'one key for a set',
      { keys: JwtKeys.inline(JSON.stringify(PUBLIC)) },
      ['keys.inline.keys [request-authentication/jwks-key]'],
    ],
    ['an empty text of keys', { keys: JwtKeys.inline('') }, ['keys.inline [property/required]']],
    ['no keys', { keys: jwks() }, ['keys.inline.keys [request-authentication/jwks-key]']],
    ['half a key', { keys: jwks(PUBLIC, { kty: 'EC' }) }, ['keys.inline.keys[1] [request-authentication/jwks-key]']],
    ['an empty audience', { audiences: [''] }, ['audiences[0] [property/required]']],
    [
      'locations that are none',
      { locations: [JwtLocation.header('a b'), JwtLocation.cookie(''), JwtLocation.queryParameter('')] },
      [
        'locations[0].header.name [request-authentication/header]',
        'locations[1].cookie [property/required]',
        'locations[2].queryParameter [property/required]',
      ],
    ],
    [
      'headers that are none',
      { outputPayloadToHeader: 'a b', outputClaimToHeaders: { 'a b': 'sub', 'x-user': '' } },
      [
        'outputPayloadToHeader [request-authentication/header]',
        'outputClaimToHeaders [request-authentication/claim-header]',
        'outputClaimToHeaders [request-authentication/claim-header]',
      ],
    ],
  ])('refuses %s', (_what, props, expected) => {
    expect(problemsOf(() => policy(aChart(), props))).toStrictEqual(expected);
  });

  test('refuses private keys, and does not repeat them', () => {
    const secret = privateKey.export({ format: 'jwk' });
    const error = errorOf(() => policy(aChart(), { keys: jwks(secret, { kty: 'oct', k: 'c2VjcmV0' }) }));
    expect(error.problems.map(({ id }) => id)).toStrictEqual([
      'request-authentication/jwks-private-key',
      'request-authentication/jwks-private-key',
    ]);
    expect(error.message).not.toContain(String(secret.d));
    expect(error.message).not.toContain('c2VjcmV0');
  });

  test.each<[string, object, readonly string[]]>([
    ['no issuer', {}, ['issuer [shape/missing]']],
    ['keys by their address alone', { issuer: ISSUER, keys: `${ISSUER}/keys` }, ['keys [shape/type]']],
    ['keys of two places', { issuer: ISSUER, keys: { discovered: true, uri: ISSUER } }, ['keys [shape/choice]']],
  ])('of a group refuses %s', (_what, props, expected) => {
    const group = new MeshVmGroup(aChart(), 'pay', groupProps());
    expect(problemsOf(() => group.authenticateRequests(props as RequestAuthenticationProps))).toStrictEqual(expected);
  });

  test('refuses a group that serves no HTTP', () => {
    const group = new MeshVmGroup(aChart(), 'db', groupProps({ ports: [{ name: 'tcp', port: 5432 }] }));
    expect(problemsOf(() => group.authenticateRequests({ issuer: ISSUER }))).toStrictEqual([
      'target [request-authentication/no-http-port]',
    ]);
  });
});
