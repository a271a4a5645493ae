import fc from 'fast-check';
import { MeshIdentity } from 'meshvm';
import { Problems } from '../../lib/core/problems';
import { checkMeshIdentity, spiffeIdOf } from '../../lib/mesh/spiffe-id';
import { aMesh } from '../fixtures';

function verdict(identity: MeshIdentity): readonly string[] {
  const problems = new Problems();
  checkMeshIdentity(problems, identity);
  return problems.all.map(({ property, id }) => `${property} [${id}]`);
}

describe('MeshIdentity', () => {
  test('is data', () => {
    expect(MeshIdentity.serviceAccount('shop', 'catalog')).toEqual({
      serviceAccount: { namespace: 'shop', name: 'catalog' },
    });
    expect(MeshIdentity.spiffe('spiffe://other/a')).toEqual({ spiffe: 'spiffe://other/a' });
  });

  test("a ServiceAccount is one of the mesh's own trust domain", () => {
    const mesh = aMesh({ trustDomain: 'acme.example' });
    expect(spiffeIdOf(MeshIdentity.serviceAccount('shop', 'catalog'), mesh)).toBe(
      'spiffe://acme.example/ns/shop/sa/catalog',
    );
    expect(spiffeIdOf(MeshIdentity.spiffe('spiffe://other/a'), mesh)).toBe('spiffe://other/a');
  });

  test('names that Kubernetes refuses, and a text that is no SPIFFE ID', () => {
    expect(verdict(MeshIdentity.serviceAccount('Shop', 'a b'))).toStrictEqual([
      'serviceAccount.namespace [name/dns-label]',
      'serviceAccount.name [name/dns-subdomain]',
    ]);
    expect(verdict(MeshIdentity.spiffe('shop/catalog'))).toStrictEqual(['spiffe [identity/spiffe-id]']);
  });

  test('a SPIFFE ID is one segment after the other, none of which is empty or dots', () => {
    const segment = fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/);
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 4 }), (segments) => {
        const uri = `spiffe://cluster.local/${segments.join('/')}`;
        expect(verdict(MeshIdentity.spiffe(uri))).toEqual([]);
        expect(verdict(MeshIdentity.spiffe(`${uri}/`))).toEqual(['spiffe [identity/spiffe-id]']);
        expect(verdict(MeshIdentity.spiffe(`${uri}/../x`))).toEqual(['spiffe [identity/spiffe-id]']);
      }),
      { numRuns: 50 },
    );
  });
});
