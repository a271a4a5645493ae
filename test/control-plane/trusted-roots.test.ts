import { TrustedRoots } from 'meshvm';
import { INTERMEDIATE, LEAF, OTHER, ROOT } from '../core/certificate-fixtures';
import { problemsOf } from '../fixtures';

test('roots of one text are told apart', () => {
  const roots = TrustedRoots.pem(`${ROOT}\n${OTHER}`, { trustDomains: ['partner.example'] });
  expect(roots.certificates).toStrictEqual([ROOT, OTHER]);
  expect(roots.trustDomains).toStrictEqual(['partner.example']);
});

test.each<[string, () => TrustedRoots, readonly string[]]>([
  ['a certificate between', () => TrustedRoots.pem(INTERMEDIATE), ['pem [certificate/no-root]']],
  ['a certificate of no authority', () => TrustedRoots.pem(ROOT + LEAF), ['pem [certificate/no-authority]']],
  ['no certificate', () => TrustedRoots.pem('root'), ['pem [certificate/pem]']],
  [
    'an identity for a trust domain',
    () => TrustedRoots.pem(ROOT, { trustDomains: ['ok', 'spiffe://a/ns/b'] }),
    ['trustDomains[1] [trusted-roots/trust-domain]'],
  ],
])('refuses %s', (_, make, problems) => {
  expect(problemsOf(make)).toStrictEqual(problems);
});
