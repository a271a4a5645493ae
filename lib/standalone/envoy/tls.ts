import { ServiceProtocol } from '../../mesh/service-protocol';
import { CERTIFICATE, ROOTS, secretConfig } from './secrets';
import type { EnvoySpec, ServiceSpec } from './spec';

/**
 * The TLS of a sidecar to a service, through a gateway that passes it on by its server name. The server's name is no name of a certificate:
 * who answers is told by the SPIFFE ID alone.
 */
export function upstreamTls(spec: EnvoySpec, service: ServiceSpec): Readonly<Record<string, unknown>> {
  const { host, port, subset, identities } = service;
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
      // Upstream: istio pkg/config/model BuildDNSSrvSubsetKey.
      sni: `outbound_.${port}_.${subset}_.${host}`,
      common_tls_context: commonTls(spec, identities, ALPN[service.protocol]),
    },
  };
}

/** What both sides must speak. */
export const TLS_VERSIONS = { tls_minimum_protocol_version: 'TLSv1_2', tls_maximum_protocol_version: 'TLSv1_3' };

/** The machine's own certificate, and what a peer's must be like. */
export function commonTls(
  spec: EnvoySpec,
  peers: readonly string[],
  alpn: readonly string[],
): Readonly<Record<string, unknown>> {
  return {
    tls_params: TLS_VERSIONS,
    alpn_protocols: alpn,
    tls_certificate_sds_secret_configs: [secretConfig(spec, CERTIFICATE)],
    combined_validation_context: {
      default_validation_context: {
        match_typed_subject_alt_names: peers.map((exact) => ({ san_type: 'URI', matcher: { exact } })),
      },
      validation_context_sds_secret_config: secretConfig(spec, ROOTS),
    },
  };
}

/**
 * What sidecars offer. By these the gateway takes the connection for one of the mesh, and the server's sidecar knows whether HTTP is inside.
 *
 * Upstream: istio pilot/pkg/xds/filters mtlsHTTP11ALPN, mtlsHTTP2ALPN. `istio-peer-exchange` is left out: stock Envoy can't do it.
 */
const ALPN: Readonly<Record<ServiceProtocol, readonly string[]>> = {
  [ServiceProtocol.HTTP1]: ['istio-http/1.1', 'istio', 'http/1.1'],
  [ServiceProtocol.HTTP2]: ['istio-h2', 'istio', 'h2'],
  [ServiceProtocol.GRPC]: ['istio-h2', 'istio', 'h2'],
  [ServiceProtocol.TCP]: ['istio'],
};
