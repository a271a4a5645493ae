import { CertificateIssuer } from 'meshvm';
import { problemsOf } from '../fixtures';

test.each([
  [CertificateIssuer.issuer('ca'), 'cert-manager.io', 'Issuer'],
  [CertificateIssuer.clusterIssuer('ca'), 'cert-manager.io', 'ClusterIssuer'],
  [
    CertificateIssuer.external({ group: 'awspca.cert-manager.io', kind: 'AWSPCAIssuer', name: 'ca' }),
    'awspca.cert-manager.io',
    'AWSPCAIssuer',
  ],
])('%#: names group and kind', (issuer, group, kind) => {
  expect({ ...issuer }).toStrictEqual({ group, kind, name: 'ca' });
});

test('refuses names that Kubernetes refuses', () => {
  expect(problemsOf(() => CertificateIssuer.external({ group: 'A b', kind: '', name: 'Ca' }))).toStrictEqual([
    'group [name/dns-subdomain]',
    'kind [property/required]',
    'name [name/dns-subdomain]',
  ]);
});
