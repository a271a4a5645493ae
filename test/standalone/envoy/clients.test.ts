import { clientMatch, clientSecretFiles, clientTls } from '../../../lib/standalone/envoy/clients';
import { anEnvoy } from './spec';

const certificates = {
  identities: ['spiffe://example.com/batch'],
  dnsNames: ['batch.example.com'],
  certificateChain: 'server-cert-chain.pem',
  privateKey: 'server-key.pem',
  clientRoots: 'client-roots.pem',
};
const own = anEnvoy();
const byAddress = anEnvoy({ clients: { cidrs: ['10.40.0.0/16', 'fd00::/8'], certificates: undefined } });
const byCertificate = anEnvoy({ clients: { cidrs: undefined, certificates } });

test('clients of a machine of its own are not told apart', () => {
  expect([clientMatch(own), clientTls(own), clientSecretFiles(own)]).toStrictEqual([undefined, undefined, {}]);
});

test('addresses are matched before any filter runs, and without TLS', () => {
  expect(clientMatch(byAddress)).toStrictEqual({
    direct_source_prefix_ranges: [
      { address_prefix: '10.40.0.0', prefix_len: 16 },
      { address_prefix: 'fd00::', prefix_len: 8 },
    ],
  });
  expect([clientTls(byAddress), clientSecretFiles(byAddress)]).toStrictEqual([undefined, {}]);
});

test('certificates are required, and their names compared as what they are', () => {
  expect(clientMatch(byCertificate)).toBeUndefined();
  expect(clientTls(byCertificate)?.typed_config).toMatchObject({
    require_client_certificate: true,
    common_tls_context: {
      combined_validation_context: {
        default_validation_context: {
          match_typed_subject_alt_names: [
            { san_type: 'URI', matcher: { exact: 'spiffe://example.com/batch' } },
            { san_type: 'DNS', matcher: { exact: 'batch.example.com' } },
          ],
        },
      },
    },
  });
  expect(Object.keys(clientSecretFiles(byCertificate))).toStrictEqual(['server-certificate.yaml', 'client-roots.yaml']);
});
