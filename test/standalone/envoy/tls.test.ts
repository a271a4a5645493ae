import { ServiceProtocol } from '../../../lib/mesh/service-protocol';
import { upstreamTls } from '../../../lib/standalone/envoy/tls';
import { anEnvoy, aService } from './spec';

const secret = (name: string) => ({
  name,
  sds_config: {
    path_config_source: { path: `/etc/meshvm-envoy/${name}.yaml` },
    resource_api_version: 'V3',
  },
});

interface Context {
  readonly typed_config: { readonly sni: string; readonly common_tls_context: { readonly alpn_protocols: unknown } };
}

describe('upstreamTls', () => {
  test('is the mutual TLS of a sidecar: server name of the port, own certificate, identity of the server', () => {
    expect(upstreamTls(anEnvoy(), aService())).toStrictEqual({
      name: 'envoy.transport_sockets.tls',
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
        sni: 'outbound_.80_._.catalog.shop.svc.cluster.local',
        common_tls_context: {
          tls_params: { tls_minimum_protocol_version: 'TLSv1_2', tls_maximum_protocol_version: 'TLSv1_3' },
          alpn_protocols: ['istio-http/1.1', 'istio', 'http/1.1'],
          tls_certificate_sds_secret_configs: [secret('certificate')],
          combined_validation_context: {
            default_validation_context: {
              match_typed_subject_alt_names: [
                { san_type: 'URI', matcher: { exact: 'spiffe://cluster.local/ns/shop/sa/catalog' } },
              ],
            },
            validation_context_sds_secret_config: secret('roots'),
          },
        },
      },
    });
  });

  test('the server name says the subset', () => {
    const context = upstreamTls(anEnvoy(), aService({ subset: 'v2', port: 9000 })) as unknown as Context;
    expect(context.typed_config.sni).toBe('outbound_.9000_.v2_.catalog.shop.svc.cluster.local');
  });

  test.each([
    [ServiceProtocol.HTTP2, ['istio-h2', 'istio', 'h2']],
    [ServiceProtocol.GRPC, ['istio-h2', 'istio', 'h2']],
    [ServiceProtocol.TCP, ['istio']],
  ])('offers for %s what tells the server what is inside', (protocol, alpn) => {
    const context = upstreamTls(anEnvoy(), aService({ protocol })) as unknown as Context;
    expect(context.typed_config.common_tls_context.alpn_protocols).toStrictEqual(alpn);
  });
});
