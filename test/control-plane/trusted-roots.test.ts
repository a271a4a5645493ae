import { ControlPlane, TrustedRoots } from 'meshvm';
import { INTERMEDIATE, LEAF, OTHER, ROOT } from '../core/certificate-fixtures';
import { aMesh, problemsOf } from '../fixtures';

function controlPlane(...additionalRoots: readonly TrustedRoots[]): ControlPlane {
  const mesh = aMesh({ proxy: { proxyMetadata: { PROXY_CONFIG_XDS_AGENT: 'true' } } });
  return new ControlPlane({ mesh, additionalRoots });
}

test('roots of one text are told apart', () => {
  const trustDomains = ['partner.example'];
  const roots = TrustedRoots.pem(`${ROOT}\n${OTHER}`, { trustDomains });
  expect(controlPlane(roots, { pem: ROOT }).helmValues.istiod.meshConfig).toMatchObject({
    caCertificates: [{ pem: ROOT, trustDomains }, { pem: OTHER, trustDomains }, { pem: ROOT }],
  });
});

test.each<[string, TrustedRoots, readonly string[]]>([
  ['a certificate between', TrustedRoots.pem(INTERMEDIATE), ['pem [certificate/no-root]']],
  ['a certificate of no authority', TrustedRoots.pem(ROOT + LEAF), ['pem [certificate/no-authority]']],
  ['no certificate', TrustedRoots.pem('root'), ['pem [certificate/pem]']],
  [
    'an identity for a trust domain',
    TrustedRoots.pem(ROOT, { trustDomains: ['ok', 'spiffe://a/ns/b'] }),
    ['trustDomains[1] [trusted-roots/trust-domain]'],
  ],
])('refuses %s', (_, roots, problems) => {
  expect(problemsOf(() => controlPlane(roots))).toStrictEqual(problems.map((each) => `additionalRoots[0].${each}`));
});
