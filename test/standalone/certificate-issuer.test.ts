import { Testing } from 'cdk8s';
import { CertificateIssuer, EnvoyCertificates, MachineIdentity } from 'meshvm';
import { LEAF } from '../core/certificate-fixtures';
import { aChart } from '../fixtures';
import { laptop, refusal } from './fixtures';

function by(issuer: CertificateIssuer): EnvoyCertificates {
  const identity = MachineIdentity.eks({ cluster: 'prod-eu' });
  return EnvoyCertificates.certManager({ issuer, identity, apiServer: 'https://10.0.0.1:6443', caCertificate: LEAF });
}

test.each([
  [CertificateIssuer.issuer('ca'), 'cert-manager.io', 'Issuer'],
  [CertificateIssuer.clusterIssuer('ca'), 'cert-manager.io', 'ClusterIssuer'],
  [
    CertificateIssuer.external({ group: 'awspca.cert-manager.io', kind: 'AWSPCAIssuer', name: 'ca' }),
    'awspca.cert-manager.io',
    'AWSPCAIssuer',
  ],
])('%j signs what asks for it by group and kind', (issuer, group, kind) => {
  const chart = aChart();
  laptop({ certificates: by(issuer) }, chart);
  const certificate = Testing.synth(chart).find((object) => object.kind === 'Certificate');
  expect(certificate.spec.issuerRef).toStrictEqual({ group, kind, name: 'ca' });
});

test('names that Kubernetes refuses are refused', () => {
  const certificates = by(CertificateIssuer.external({ group: 'A b', kind: '', name: 'Ca' }));
  expect(refusal({ certificates })).toStrictEqual([
    'certificates.certManager.issuer.external.group [name/dns-subdomain]',
    'certificates.certManager.issuer.external.kind [property/required]',
    'certificates.certManager.issuer.external.name [name/dns-subdomain]',
  ]);
  expect(refusal({ certificates: by(CertificateIssuer.clusterIssuer('Ca')) })).toStrictEqual([
    'certificates.certManager.issuer.clusterIssuer [name/dns-subdomain]',
  ]);
});
