import { ServiceProtocol } from '../../../lib/mesh/service-protocol';
import { serviceCluster } from '../../../lib/standalone/envoy/cluster';
import type { EnvoySpec, GatewaySpec, HealthCheckSpec, ServiceSpec } from '../../../lib/standalone/envoy/spec';
import { upstreamTls } from '../../../lib/standalone/envoy/tls';
import { anEnvoy, aService, printed } from './spec';

function clusterOf(service: Partial<ServiceSpec> = {}, envoy: Partial<EnvoySpec> = {}): Record<string, unknown> {
  return printed(serviceCluster(anEnvoy(envoy), aService(service))) as Record<string, unknown>;
}

function gateway(address: string, fields: Partial<GatewaySpec> = {}): GatewaySpec {
  return { address, port: 15443, locality: undefined, priority: 0, weight: 1, ...fields };
}

function endpoint(address: string, port_value = 15443, load_balancing_weight = 1): unknown {
  return { endpoint: { address: { socket_address: { address, port_value } } }, load_balancing_weight };
}

const check = { intervalSeconds: 10, timeoutSeconds: 2, unhealthyThreshold: 3, healthyThreshold: 1 };

describe('serviceCluster', () => {
  test('leads to the gateway, and has the name that a sidecar gives it', () => {
    expect(clusterOf()).toStrictEqual({
      name: 'outbound|80||catalog.shop.svc.cluster.local',
      type: 'STATIC',
      connect_timeout: '5s',
      lb_policy: 'LEAST_REQUEST',
      load_assignment: {
        cluster_name: 'outbound|80||catalog.shop.svc.cluster.local',
        endpoints: [{ priority: 0, lb_endpoints: [endpoint('10.0.0.1')] }],
      },
      transport_socket: printed(upstreamTls(anEnvoy(), aService())),
      typed_extension_protocol_options: {
        'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
          '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
          common_http_protocol_options: { idle_timeout: '300s', max_connection_duration: '600s' },
          explicit_http_config: { http_protocol_options: {} },
        },
      },
      circuit_breakers: {
        thresholds: [
          { max_connections: 1, max_pending_requests: 2, max_requests: 3, max_retries: 4, track_remaining: true },
        ],
      },
      outlier_detection: {
        split_external_local_origin_errors: true,
        consecutive_local_origin_failure: 3,
        enforcing_consecutive_local_origin_failure: 100,
        enforcing_local_origin_success_rate: 0,
        enforcing_consecutive_5xx: 0,
        enforcing_consecutive_gateway_failure: 0,
        enforcing_success_rate: 0,
        interval: '5s',
        base_ejection_time: '15s',
        max_ejection_percent: 100,
      },
      upstream_connection_options: {
        tcp_keepalive: { keepalive_probes: 3, keepalive_time: 30, keepalive_interval: 10 },
      },
    });
  });

  test('a gateway by its name is resolved again and again', () => {
    const cluster = clusterOf({}, { gateways: [gateway('10.0.0.1'), gateway('eastwest.example.com')] });
    expect([cluster.type, cluster.dns_lookup_family]).toEqual(['STRICT_DNS', 'V4_PREFERRED']);
  });

  test('gateways are put together by priority and place, those of priority 0 first', () => {
    const gateways = [
      gateway('10.1.0.1', { priority: 1, locality: 'eu-west-2' }),
      gateway('10.0.0.1', { locality: 'eu-west-1/eu-west-1a' }),
      gateway('10.0.0.2', { locality: 'eu-west-1/eu-west-1a', weight: 3, port: 443 }),
    ];
    expect(clusterOf({}, { gateways }).load_assignment).toStrictEqual({
      cluster_name: 'outbound|80||catalog.shop.svc.cluster.local',
      endpoints: [
        {
          priority: 0,
          locality: { region: 'eu-west-1', zone: 'eu-west-1a' },
          lb_endpoints: [endpoint('10.0.0.1'), endpoint('10.0.0.2', 443, 3)],
        },
        { priority: 1, locality: { region: 'eu-west-2' }, lb_endpoints: [endpoint('10.1.0.1')] },
      ],
    });
  });

  test('gRPC is HTTP/2 with pings, TCP has no HTTP', () => {
    const options = clusterOf({ protocol: ServiceProtocol.GRPC }).typed_extension_protocol_options;
    expect(options).toMatchObject({
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
        explicit_http_config: {
          http2_protocol_options: { connection_keepalive: { interval: '30s', timeout: '5s' } },
        },
      },
    });
    expect(clusterOf({ protocol: ServiceProtocol.TCP })).not.toHaveProperty('typed_extension_protocol_options');
  });

  test.each<[HealthCheckSpec['kind'], Pick<HealthCheckSpec, 'path' | 'service'>, object]>([
    [
      'http',
      { path: '/healthz', service: undefined },
      { http_health_check: { host: 'catalog.shop.svc.cluster.local', path: '/healthz', codec_client_type: 'HTTP1' } },
    ],
    [
      'grpc',
      { path: undefined, service: 'shop.Catalog' },
      { grpc_health_check: { service_name: 'shop.Catalog', authority: 'catalog.shop.svc.cluster.local' } },
    ],
    ['connect', { path: undefined, service: undefined }, { tcp_health_check: {} }],
  ])('asks by %s', (kind, asked, expected) => {
    expect(clusterOf({ healthCheck: { ...check, kind, ...asked } }).health_checks).toStrictEqual([
      {
        timeout: '2s',
        interval: '10s',
        no_traffic_interval: '10s',
        unhealthy_threshold: 3,
        healthy_threshold: 1,
        ...expected,
      },
    ]);
  });
});
