import { secretFiles } from '../../../lib/standalone/envoy/secrets';
import { anEnvoy } from './spec';

const type = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret';
const watched_directory = { path: '/etc/meshvm-envoy/certificates' };

test('secretFiles name files of the one folder that is watched, and hold nothing secret', () => {
  expect(secretFiles(anEnvoy())).toStrictEqual({
    'certificate.yaml': {
      resources: [
        {
          '@type': type,
          name: 'certificate',
          tls_certificate: {
            certificate_chain: { filename: '/etc/meshvm-envoy/certificates/cert-chain.pem' },
            private_key: { filename: '/etc/meshvm-envoy/certificates/key.pem' },
            watched_directory,
          },
        },
      ],
    },
    'roots.yaml': {
      resources: [
        {
          '@type': type,
          name: 'roots',
          validation_context: {
            trusted_ca: { filename: '/etc/meshvm-envoy/certificates/root-cert.pem' },
            watched_directory,
          },
        },
      ],
    },
  });
});
