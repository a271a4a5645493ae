import { isIP } from 'node:net';
import type { NamedConfig } from './config';
import { certificateSecret, rootsSecret, secretConfig } from './secrets';
import type { ClientCertificatesSpec, EnvoySpec } from './spec';
import { TLS_VERSIONS } from './tls';

const SERVER_CERTIFICATE = 'server-certificate';
const CLIENT_ROOTS = 'client-roots';

/**
 * What tells the clients of shared proxies by their address; undefined on a machine whose clients are its own. Connections from elsewhere end
 * before anything is done with them, and count as `no_filter_chain_match` of the listener. The filter for authorization would come too late:
 * it waits for the client's first byte, and a server that speaks first would have been heard by then.
 */
export function clientMatch({ clients }: EnvoySpec): Readonly<Record<string, unknown>> | undefined {
  return clients?.cidrs && { direct_source_prefix_ranges: clients.cidrs.map(range) };
}

/** What tells them by their certificate. */
export function clientTls(spec: EnvoySpec): NamedConfig | undefined {
  const certificates = spec.clients?.certificates;
  if (certificates === undefined) return undefined;
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext',
      require_client_certificate: true,
      common_tls_context: {
        tls_params: TLS_VERSIONS,
        alpn_protocols: ['h2', 'http/1.1'],
        tls_certificate_sds_secret_configs: [secretConfig(spec, SERVER_CERTIFICATE)],
        combined_validation_context: {
          default_validation_context: { match_typed_subject_alt_names: names(certificates) },
          validation_context_sds_secret_config: secretConfig(spec, CLIENT_ROOTS),
        },
      },
    },
  };
}

/** Files that say where the certificates of that TLS lie. */
export function clientSecretFiles({
  tls,
  clients,
}: EnvoySpec): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const certificates = clients?.certificates;
  if (certificates === undefined) return {};
  const { certificateChain, privateKey, clientRoots } = certificates;
  return {
    [`${SERVER_CERTIFICATE}.yaml`]: certificateSecret(SERVER_CERTIFICATE, tls.directory, certificateChain, privateKey),
    [`${CLIENT_ROOTS}.yaml`]: rootsSecret(CLIENT_ROOTS, tls.directory, clientRoots),
  };
}

function names({ identities, dnsNames }: ClientCertificatesSpec): readonly unknown[] {
  return [
    ...identities.map((exact) => ({ san_type: 'URI', matcher: { exact } })),
    ...dnsNames.map((exact) => ({ san_type: 'DNS', matcher: { exact } })),
  ];
}

function range(cidr: string): Readonly<Record<string, unknown>> {
  const [address_prefix, bits] = cidr.split('/');
  return { address_prefix, prefix_len: Number(bits ?? (isIP(address_prefix) === 6 ? 128 : 32)) };
}
