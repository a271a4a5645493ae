import {
  type CertificateAgentSettings,
  certificateAgentUnits,
  settingsText,
} from '../../../lib/standalone/envoy/certificate-agent';

const settings: CertificateAgentSettings = {
  identity: 'spiffe://cluster.local/ns/laptops/sa/laptop',
  namespace: 'laptops',
  certificate: 'laptop',
  secret: 'laptop-certificate',
  apiServer: 'https://10.0.0.1',
  caCertificate: undefined,
  credential: { kind: 'eks', cluster: 'prod-eu', region: undefined },
  roots: undefined,
  identityFile: '/etc/meshvm-envoy/certificates/identity.pem',
  rootsFile: '/etc/meshvm-envoy/certificates/root-cert.pem',
  renewBeforeSeconds: 28800,
};

test('the settings say what is left out', () => {
  expect(JSON.parse(settingsText(settings))).toStrictEqual({
    ...settings,
    schemaVersion: 1,
    caCertificate: null,
    roots: null,
    credential: { kind: 'eks', cluster: 'prod-eu' },
    refuseBelowSeconds: 300,
  });
});

test('the units run the program at boot and every minute, as the user of Envoy', () => {
  const units = certificateAgentUnits(settings, { folder: '/etc/meshvm-envoy', user: 'envoy' });
  expect(units['meshvm-certificate.service']).toContain('\nUser=envoy\n');
  expect(units['meshvm-certificate.service']).toContain(
    '\nExecStart=/usr/bin/python3 -I /etc/meshvm-envoy/meshvm-certificate.py /etc/meshvm-envoy/certificate.json\n',
  );
  expect(units['meshvm-certificate.service']).toContain('\nReadWritePaths=/etc/meshvm-envoy/certificates\n');
  expect(units['meshvm-certificate.timer']).toContain('\nOnActiveSec=0\nOnUnitInactiveSec=60\n');
});
