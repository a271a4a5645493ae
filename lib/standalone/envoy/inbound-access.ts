import { ServiceProtocol } from '../../mesh/service-protocol';
import { clientMatch } from './clients';
import type { NamedConfig } from './config';
import { CERTIFICATE, ROOTS, secretConfig } from './secrets';
import type { EnvoySpec, HttpsLoadBalancerSpec, IdentityMatch, InboundPortSpec, InboundSpec, TokensSpec } from './spec';
import { TLS_VERSIONS } from './tls';

/** The TLS that callers must speak on a port, or undefined for plain text of a load balancer. */
export function inboundTls(spec: EnvoySpec, inbound: InboundSpec, port: InboundPortSpec): NamedConfig | undefined {
  if (inbound.httpsLoadBalancer?.tls === false) return undefined;
  const mutual = inbound.httpsLoadBalancer === undefined;
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext',
      require_client_certificate: mutual,
      common_tls_context: {
        tls_params: TLS_VERSIONS,
        alpn_protocols: mutual ? MESH_ALPN[port.protocol] : ['h2', 'http/1.1'],
        tls_certificate_sds_secret_configs: [secretConfig(spec, CERTIFICATE)],
        combined_validation_context: mutual ? validation(spec, port) : undefined,
      },
    },
  };
}

/** Whose connections are taken at all; undefined where mutual TLS tells. */
export function connectionMatch(
  spec: EnvoySpec,
  { httpsLoadBalancer: balancer }: InboundSpec,
): Readonly<Record<string, unknown>> | undefined {
  return balancer && clientMatch({ ...spec, clients: { cidrs: balancer.cidrs, certificates: undefined } });
}

/** What looks at each request: who calls is answered 403 if nobody knows them. */
export function requestFilters(inbound: InboundSpec, port: InboundPortSpec): readonly NamedConfig[] {
  const { httpsLoadBalancer: balancer } = inbound;
  if (balancer !== undefined) return tokenFilters(balancer);
  const principals = port.callers.map((caller) => ({ authenticated: { principal_name: matcher(caller) } }));
  return [
    {
      name: 'envoy.filters.http.rbac',
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC',
        rules: { action: 'ALLOW', policies: { callers: { permissions: [{ any: true }], principals } } },
      },
    },
  ];
}

/**
 * Of callers of HTTP the certificate is looked at here and the identity with each request, so that the wrong one gets an answer. Of others
 * the identity too: a filter would look at it only after the caller's first byte, when the application has spoken already.
 */
function validation(spec: EnvoySpec, { protocol, callers }: InboundPortSpec): unknown {
  const names = protocol === ServiceProtocol.TCP ? callers : [];
  const match = names.map((caller) => ({ san_type: 'URI', matcher: matcher(caller) }));
  return {
    default_validation_context: { match_typed_subject_alt_names: match.length > 0 ? match : undefined },
    validation_context_sds_secret_config: secretConfig(spec, ROOTS),
  };
}

function matcher({ exact, pattern }: IdentityMatch): unknown {
  return exact === undefined ? { safe_regex: { regex: pattern } } : { exact };
}

function tokenFilters({ tokens }: HttpsLoadBalancerSpec): readonly NamedConfig[] {
  if (tokens === undefined) return [];
  return [
    {
      name: 'envoy.filters.http.jwt_authn',
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication',
        providers: { callers: provider(tokens) },
        rules: [{ match: { prefix: '/' }, requires: { provider_name: 'callers' } }],
      },
    },
  ];
}

function provider({ issuer, audiences, jwks }: TokensSpec): unknown {
  return { issuer, audiences, local_jwks: { inline_string: jwks }, require_expiration: true };
}

/**
 * What sidecars offer, the one first that says most. `istio-peer-exchange` is left out: who takes it must exchange metadata, which stock
 * Envoy can't.
 *
 * Upstream: istio pilot/pkg/networking/util ALPNInMesh, pilot/pkg/xds/filters mtlsHTTP11ALPN.
 */
const HTTP_ALPN: readonly string[] = ['h2', 'istio-h2', 'istio-http/1.1', 'istio-http/1.0', 'http/1.1', 'istio'];
const MESH_ALPN: Readonly<Record<ServiceProtocol, readonly string[]>> = {
  [ServiceProtocol.HTTP1]: HTTP_ALPN,
  [ServiceProtocol.HTTP2]: HTTP_ALPN,
  [ServiceProtocol.GRPC]: HTTP_ALPN,
  [ServiceProtocol.TCP]: ['istio'],
};
