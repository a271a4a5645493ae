import * as cdk8sFace from 'meshvm';
import { RequestAuthentication } from 'meshvm/pulumi';
import { aMesh } from '../../fixtures';
import { later, meshArgs, named, refusal } from '../fixtures';
import { aGroup, expectSame, theGroup } from '../groups/beside-group';
import { failureOf, runProgram, settled } from '../program';

const mesh = meshArgs();
const issuer = 'https://login.example.com';
const JWKS = JSON.stringify({ keys: [{ kty: 'RSA', kid: 'one', n: 'AQAB', e: 'AQAB' }] });

describe('RequestAuthentication', () => {
  test('declares what the cdk8s construct declares', async () => {
    await expectSame(
      (chart) => {
        const { JwtKeys, JwtLocation, WorkloadTarget } = cdk8sFace;
        const target = WorkloadTarget.group(aGroup(chart));
        const make = (id: string, props: Partial<cdk8sFace.RequestAuthenticationProps>) =>
          new cdk8sFace.RequestAuthentication(chart, id, { mesh: aMesh(), target, issuer, ...props });
        make('plain', { keys: JwtKeys.discovered() });
        make('everything', {
          name: 'tokens',
          issuer: 'login',
          keys: JwtKeys.fromUri(`${issuer}/keys`),
          audiences: ['payments'],
          locations: [
            JwtLocation.header('x-token', 'Token '),
            JwtLocation.header('x-other'),
            JwtLocation.queryParameter('token'),
            JwtLocation.cookie('token'),
          ],
          forwardOriginalToken: true,
          outputPayloadToHeader: 'x-payload',
          outputClaimToHeaders: { 'x-user': 'sub' },
        });
        make('keys', { target: WorkloadTarget.mesh(), keys: JwtKeys.inline(JWKS) });
      },
      () => {
        const target = { group: theGroup() };
        new RequestAuthentication('plain', { mesh, target, issuer, keys: { discovered: true } });
        new RequestAuthentication('everything', {
          mesh,
          target,
          name: 'tokens',
          issuer: 'login',
          keys: { uri: `${issuer}/keys` },
          audiences: ['payments'],
          locations: [
            { header: { name: 'x-token', prefix: 'Token ' } },
            { header: { name: 'x-other' } },
            { queryParameter: 'token' },
            { cookie: 'token' },
          ],
          forwardOriginalToken: true,
          outputPayloadToHeader: 'x-payload',
          outputClaimToHeaders: { 'x-user': 'sub' },
        });
        new RequestAuthentication('keys', { mesh, target: { mesh: true }, issuer, keys: { inline: JWKS } });
      },
    );
  });

  test('takes Inputs, and tells its issuer', async () => {
    const { value, resources } = await runProgram(async () => {
      const keys = { uri: later(`${issuer}/keys`) };
      const target = { namespace: later('payments') };
      const tokens = new RequestAuthentication('tokens', { mesh, target, issuer: later(issuer), keys });
      return [await settled(tokens.policyName), await settled(tokens.namespace), await settled(tokens.issuer)];
    });
    expect(value).toStrictEqual(['tokens', 'payments', issuer]);
    expect(named(resources, 'tokens-Resource').inputs.spec.jwtRules).toStrictEqual([
      { issuer, jwksUri: `${issuer}/keys` },
    ]);
  });

  test('refuses everything that is wrong at once, before it registers anything', async () => {
    const args = {
      mesh,
      target: { namespace: 'istio-system' },
      issuer: '*',
      keys: { discovered: true, uri: issuer },
      locations: [{}, { header: { name: 'x token' } }],
    };
    expect(await refusal(() => new RequestAuthentication('tokens', args))).toStrictEqual([
      'keys [shape/choice]',
      'locations[0] [shape/choice]',
    ]);
    const ofShape = { ...args, keys: { uri: 'a/keys' }, locations: [{ cookie: '' }, { header: { name: 'x token' } }] };
    expect(await refusal(() => new RequestAuthentication('tokens', ofShape))).toStrictEqual([
      'target [target/namespace-is-root]',
      'issuer [request-authentication/issuer]',
      'keys.uri [request-authentication/jwks-uri]',
      'locations[0].cookie [property/required]',
      'locations[1].header.name [request-authentication/header]',
    ]);
  });

  test('refuses what becomes known to be wrong, and shows no private key', async () => {
    const keys = { inline: later(JSON.stringify({ keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB', d: 'hidden' }] })) };
    const target = { namespace: 'payments' };
    const errors = await failureOf(() => new RequestAuthentication('tokens', { mesh, target, issuer, keys }));
    expect(errors.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('[request-authentication/jwks-private-key]'),
    );
    expect(errors.map(({ message }) => message).join()).not.toContain('hidden');
  });
});
