import { isIP } from 'node:net';
import { ServiceProtocol } from '../../mesh/service-protocol';
import { seconds } from './durations';
import type { EnvoySpec, FailoverSpec, GatewaySpec, HealthCheckSpec, LimitsSpec, ServiceSpec } from './spec';
import { upstreamTls } from './tls';

/** Name of the cluster of a service: as a sidecar calls it, so that dashboards for sidecars fit. */
export function clusterName({ host, port, subset }: ServiceSpec): string {
  return `outbound|${port}|${subset}|${host}`;
}

/** A service, behind all the gateways. */
export function serviceCluster(spec: EnvoySpec, service: ServiceSpec): Readonly<Record<string, unknown>> {
  const { limits, healthCheck } = service;
  const named = spec.gateways.some(({ address }) => isIP(address) === 0);
  return {
    name: clusterName(service),
    type: named ? 'STRICT_DNS' : 'STATIC',
    // ALL would take addresses of a family that the machine can't reach for gateways.
    dns_lookup_family: named ? 'V4_PREFERRED' : undefined,
    connect_timeout: seconds(service.connectTimeoutSeconds),
    lb_policy: 'LEAST_REQUEST',
    load_assignment: { cluster_name: clusterName(service), endpoints: endpoints(spec.gateways) },
    transport_socket: upstreamTls(spec, service),
    typed_extension_protocol_options: protocolOptions(service.protocol),
    circuit_breakers: circuitBreakers(limits),
    outlier_detection: outlierDetection(spec.failover),
    health_checks: healthCheck === undefined ? undefined : [healthCheckConfig(healthCheck, service)],
    upstream_connection_options: { tcp_keepalive: { keepalive_probes: 3, keepalive_time: 30, keepalive_interval: 10 } },
  };
}

/** Limits on what is under way to a cluster. */
export function circuitBreakers(limits: Partial<LimitsSpec>): Readonly<Record<string, unknown>> {
  return {
    thresholds: [
      {
        max_connections: limits.maxConnections,
        max_pending_requests: limits.maxPendingRequests,
        max_requests: limits.maxRequests,
        max_retries: limits.maxRetries,
        track_remaining: true,
      },
    ],
  };
}

/** Envoy refuses priorities that leave one out; a list holds gateways of one priority and locality. */
function endpoints(gateways: readonly GatewaySpec[]): readonly unknown[] {
  const groups = new Map<string, GatewaySpec[]>();
  for (const gateway of gateways) {
    const key = `${gateway.priority} ${gateway.locality ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), gateway]);
  }
  const sorted = [...groups.values()].sort(([a], [b]) => a.priority - b.priority);
  return sorted.map((members) => ({
    priority: members[0].priority,
    locality: locality(members[0].locality),
    lb_endpoints: members.map(({ address, port, weight }) => ({
      endpoint: { address: { socket_address: { address, port_value: port } } },
      load_balancing_weight: weight,
    })),
  }));
}

function locality(value: string | undefined): unknown {
  if (value === undefined) return undefined;
  const [region, zone, sub_zone] = value.split('/');
  return { region, zone, sub_zone };
}

/**
 * Only what this Envoy sees of the way there puts a gateway out: an error of one service's application says nothing of the gateway, and the
 * service's other endpoints are behind the same one.
 */
function outlierDetection(failover: FailoverSpec): unknown {
  return {
    split_external_local_origin_errors: true,
    consecutive_local_origin_failure: failover.consecutiveFailures,
    enforcing_consecutive_local_origin_failure: 100,
    enforcing_local_origin_success_rate: 0,
    enforcing_consecutive_5xx: 0,
    enforcing_consecutive_gateway_failure: 0,
    enforcing_success_rate: 0,
    interval: seconds(failover.intervalSeconds),
    base_ejection_time: seconds(failover.baseEjectionSeconds),
    // When all are out, Envoy calls all of them (panic threshold): with one gateway nothing is lost.
    max_ejection_percent: 100,
  };
}

/** What a cluster speaks. */
export function protocolOptions(protocol: ServiceProtocol): unknown {
  const explicit = {
    [ServiceProtocol.HTTP1]: { http_protocol_options: {} },
    [ServiceProtocol.HTTP2]: { http2_protocol_options: HTTP2 },
    [ServiceProtocol.GRPC]: { http2_protocol_options: HTTP2 },
    [ServiceProtocol.TCP]: undefined,
  }[protocol];
  if (explicit === undefined) return undefined;
  return {
    'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
      '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
      // A connection keeps the certificate and the endpoint that it began with.
      common_http_protocol_options: { idle_timeout: '300s', max_connection_duration: '600s' },
      explicit_http_config: explicit,
    },
  };
}

/** Finds connections that broke without a sign, such as when a load balancer forgot them. */
const HTTP2 = { connection_keepalive: { interval: '30s', timeout: '5s' } };

/** What the endpoints of a cluster are asked. */
export function healthCheckConfig(
  check: HealthCheckSpec,
  { host, protocol }: Pick<ServiceSpec, 'host' | 'protocol'>,
): unknown {
  const kinds: Readonly<Record<HealthCheckSpec['kind'], object>> = {
    http: {
      http_health_check: {
        host,
        path: check.path,
        codec_client_type: protocol === ServiceProtocol.HTTP1 ? 'HTTP1' : 'HTTP2',
      },
    },
    grpc: { grpc_health_check: { service_name: check.service, authority: host } },
    connect: { tcp_health_check: {} },
  };
  return {
    timeout: seconds(check.timeoutSeconds),
    interval: seconds(check.intervalSeconds),
    // Without it Envoy asks once a minute until there is traffic.
    no_traffic_interval: seconds(check.intervalSeconds),
    unhealthy_threshold: check.unhealthyThreshold,
    healthy_threshold: check.healthyThreshold,
    ...kinds[check.kind],
  };
}
