import { ServiceProtocol } from '../../../lib/mesh/service-protocol';
import { inboundClusters, inboundListeners } from '../../../lib/standalone/envoy/inbound';
import type { HealthCheckSpec, HttpsLoadBalancerSpec, InboundSpec } from '../../../lib/standalone/envoy/spec';
import { anEnvoy, anInbound, anInboundPort, printed } from './spec';

interface Printed {
  readonly name: string;
  readonly address: object;
  readonly filter_chains: readonly {
    readonly filter_chain_match?: object;
    readonly filters: readonly { readonly name: string; readonly typed_config: Record<string, unknown> }[];
    readonly transport_socket?: { readonly typed_config: Record<string, unknown> };
  }[];
}

function listenersOf(inbound: InboundSpec): readonly Printed[] {
  return printed(inboundListeners(anEnvoy({ inbound }))) as readonly Printed[];
}

/** The chain of the only port. */
function chainOf(inbound: InboundSpec): Printed['filter_chains'][number] {
  return listenersOf(inbound)[0].filter_chains[0];
}

function managerOf(inbound: InboundSpec): Record<string, unknown> {
  return chainOf(inbound).filters.at(-1)?.typed_config as Record<string, unknown>;
}

const balancer: HttpsLoadBalancerSpec = { cidrs: ['10.0.0.0/24'], tls: true, tokens: undefined };

describe('inboundListeners', () => {
  test('none without inbound', () => {
    expect(inboundListeners(anEnvoy())).toEqual([]);
    expect(inboundClusters(anEnvoy())).toEqual([]);
  });

  test('one for each port, and one for health', () => {
    const ports = [anInboundPort(), anInboundPort({ listenPort: 9090 })];
    const inbound = anInbound({ ports, health: { port: 15021, path: '/healthz' } });
    expect(listenersOf(inbound).map(({ name, address }) => [name, address])).toEqual([
      ['inbound|8080||', { socket_address: { address: '0.0.0.0', port_value: 8080 } }],
      ['inbound|9090||', { socket_address: { address: '0.0.0.0', port_value: 9090 } }],
      ['health', { socket_address: { address: '0.0.0.0', port_value: 15021 } }],
    ]);
  });

  test('callers show a certificate under the roots of the mesh', () => {
    expect(chainOf(anInbound()).transport_socket?.typed_config).toStrictEqual({
      '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext',
      require_client_certificate: true,
      common_tls_context: {
        tls_params: { tls_minimum_protocol_version: 'TLSv1_2', tls_maximum_protocol_version: 'TLSv1_3' },
        alpn_protocols: ['h2', 'istio-h2', 'istio-http/1.1', 'istio-http/1.0', 'http/1.1', 'istio'],
        tls_certificate_sds_secret_configs: [secret('certificate')],
        combined_validation_context: {
          default_validation_context: {},
          validation_context_sds_secret_config: secret('roots'),
        },
      },
    });
  });

  test('requests are allowed by the identity in it', () => {
    const callers = [{ exact: 'spiffe://cluster.local/ns/shop/sa/checkout' }, { pattern: 'spiffe://.+' }];
    const [rbac, ...others] = filtersOf(managerOf(anInbound({ ports: [anInboundPort({ callers })] })));
    expect(others.map(({ name }) => name)).toEqual(['envoy.filters.http.router']);
    expect(rbac).toStrictEqual({
      name: 'envoy.filters.http.rbac',
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC',
        rules: {
          action: 'ALLOW',
          policies: {
            callers: {
              permissions: [{ any: true }],
              principals: [
                { authenticated: { principal_name: { exact: 'spiffe://cluster.local/ns/shop/sa/checkout' } } },
                { authenticated: { principal_name: { safe_regex: { regex: 'spiffe://.+' } } } },
              ],
            },
          },
        },
      },
    });
  });

  test('nobody is allowed when nobody is named', () => {
    const [rbac] = filtersOf(managerOf(anInbound({ ports: [anInboundPort({ callers: [] })] })));
    expect(rbac.typed_config.rules).toMatchObject({ action: 'ALLOW', policies: { callers: { principals: [] } } });
  });

  test('what a client says of its own certificate is not passed on', () => {
    expect(managerOf(anInbound())).toMatchObject({
      forward_client_cert_details: 'SANITIZE_SET',
      set_current_client_cert_details: { uri: true, subject: true },
      use_remote_address: true,
    });
    const manager = managerOf(anInbound({ httpsLoadBalancer: balancer }));
    expect(manager.forward_client_cert_details).toBe('SANITIZE');
    expect(manager).not.toHaveProperty('set_current_client_cert_details');
  });

  test('TCP is refused in the handshake, before the application can say a word', () => {
    const inbound = anInbound({ ports: [anInboundPort({ protocol: ServiceProtocol.TCP })] });
    const { transport_socket, filters } = chainOf(inbound);
    expect(transport_socket?.typed_config.common_tls_context).toMatchObject({
      alpn_protocols: ['istio'],
      combined_validation_context: {
        default_validation_context: {
          match_typed_subject_alt_names: [
            { san_type: 'URI', matcher: { exact: 'spiffe://cluster.local/ns/shop/sa/checkout' } },
          ],
        },
      },
    });
    expect(filters.map(({ name }) => name)).toEqual([
      'envoy.filters.network.connection_limit',
      'envoy.filters.network.tcp_proxy',
    ]);
    // Nor is it connected to before.
    const waits = { upstream_connect_mode: 'ON_DOWNSTREAM_TLS_HANDSHAKE', max_early_data_bytes: 0 };
    expect(filters[1].typed_config).toMatchObject(waits);
  });

  test('connections and requests are limited', () => {
    const limits = { maxConnections: 10, maxPendingRequests: 2, maxRequests: 30, maxRetries: 1 };
    const inbound = anInbound({ ports: [anInboundPort({ limits, timeoutSeconds: 5, idleTimeoutSeconds: 60 })] });
    expect(chainOf(inbound).filters[0].typed_config).toMatchObject({ max_connections: '10' });
    expect(managerOf(inbound)).toMatchObject({
      common_http_protocol_options: { idle_timeout: '60s', max_connection_duration: '600s' },
    });
    expect(JSON.stringify(managerOf(inbound).route_config)).toContain('"timeout":"5s"');
    const [cluster] = printed(inboundClusters(anEnvoy({ inbound }))) as readonly Record<string, unknown>[];
    expect(cluster.circuit_breakers).toStrictEqual({
      thresholds: [
        { max_connections: 30, max_pending_requests: 2, max_requests: 30, max_retries: 1, track_remaining: true },
      ],
    });
  });

  describe('behind a load balancer that ends TLS', () => {
    test('only its addresses connect, without a certificate', () => {
      const { filter_chain_match, filters, transport_socket } = chainOf(anInbound({ httpsLoadBalancer: balancer }));
      expect(filters.map(({ name }) => name)).toEqual([
        'envoy.filters.network.connection_limit',
        'envoy.filters.network.http_connection_manager',
      ]);
      expect(filter_chain_match).toStrictEqual({
        direct_source_prefix_ranges: [{ address_prefix: '10.0.0.0', prefix_len: 24 }],
      });
      expect(transport_socket?.typed_config).toMatchObject({
        require_client_certificate: false,
        common_tls_context: { alpn_protocols: ['h2', 'http/1.1'] },
      });
    });

    test('in plain text where it speaks no TLS', () => {
      const plain = { ...balancer, tls: false };
      expect(chainOf(anInbound({ httpsLoadBalancer: plain })).transport_socket).toBeUndefined();
    });

    test('with a token in each request where tokens tell callers', () => {
      const tokens = { issuer: 'https://login.example.com', audiences: ['billing'], jwks: '{"keys":[]}' };
      const [jwt] = filtersOf(managerOf(anInbound({ httpsLoadBalancer: { ...balancer, tokens } })));
      expect(jwt).toStrictEqual({
        name: 'envoy.filters.http.jwt_authn',
        typed_config: {
          '@type': 'type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication',
          providers: {
            callers: {
              issuer: 'https://login.example.com',
              audiences: ['billing'],
              local_jwks: { inline_string: '{"keys":[]}' },
              require_expiration: true,
            },
          },
          rules: [{ match: { prefix: '/' }, requires: { provider_name: 'callers' } }],
        },
      });
      const without = filtersOf(managerOf(anInbound({ httpsLoadBalancer: balancer })));
      expect(without.map(({ name }) => name)).toEqual(['envoy.filters.http.router']);
    });
  });

  test('health follows the applications that are asked for theirs', () => {
    const healthCheck: HealthCheckSpec = {
      kind: 'http',
      path: '/up',
      service: undefined,
      intervalSeconds: 10,
      timeoutSeconds: 2,
      unhealthyThreshold: 3,
      healthyThreshold: 1,
    };
    const ports = [anInboundPort(), anInboundPort({ listenPort: 9090, healthCheck })];
    const inbound = anInbound({ ports, health: { port: 15021, path: '/healthz' } });
    const [, , health] = listenersOf(inbound);
    const manager = health.filter_chains[0].filters[0].typed_config;
    expect(filtersOf(manager).map(({ typed_config }) => typed_config)).toMatchObject([
      { mutations: { response_mutations: [{ remove: 'x-envoy-upstream-healthchecked-cluster' }] } },
      {
        pass_through_mode: false,
        headers: [{ name: ':path', string_match: { exact: '/healthz' } }],
        cluster_min_healthy_percentages: { 'inbound|9090||': { value: 100 } },
      },
      {},
    ]);
    expect(manager.route_config).toMatchObject({ virtual_hosts: [{ name: 'health', domains: ['*'] }] });
    expect(health.filter_chains[0].transport_socket).toBeUndefined();
  });
});

describe('inboundClusters', () => {
  test('lead to the applications on loopback, in what they speak', () => {
    const ports = [
      anInboundPort(),
      anInboundPort({ listenPort: 9090, protocol: ServiceProtocol.GRPC }),
      anInboundPort({ listenPort: 5432, protocol: ServiceProtocol.TCP }),
    ];
    const clusters = inboundClusters(anEnvoy({ inbound: anInbound({ ports }) })).map((cluster) =>
      JSON.stringify(cluster),
    );
    expect(clusters[0]).toContain('{"socket_address":{"address":"127.0.0.1","port_value":3000}}');
    expect(
      clusters.map((text) => [text.includes('"http_protocol_options"'), text.includes('"http2_protocol_options"')]),
    ).toEqual([
      [true, false],
      [false, true],
      [false, false],
    ]);
  });
});

function filtersOf(manager: Record<string, unknown>): Printed['filter_chains'][number]['filters'] {
  return manager.http_filters as Printed['filter_chains'][number]['filters'];
}

function secret(name: string): object {
  const path = `/etc/meshvm-envoy/${name}.yaml`;
  return { name, sds_config: { path_config_source: { path }, resource_api_version: 'V3' } };
}
