import { ServiceProtocol } from '../../mesh/service-protocol';
import { accessLog, TCP_FIELDS } from './access-log';
import { circuitBreakers, healthCheckConfig, protocolOptions } from './cluster';
import { type Listener, type NamedConfig, socketAddress, tcpListener } from './config';
import { seconds } from './durations';
import { httpManager } from './http';
import { connectionMatch, inboundTls, requestFilters } from './inbound-access';
import { AFTER_HANDSHAKE } from './listeners';
import type { EnvoySpec, HealthEndpointSpec, InboundPortSpec, InboundSpec, ListenAddress } from './spec';
import { statName } from './stats';

/** Name of the cluster of an application: as a sidecar calls it. */
export function inboundClusterName({ listenPort }: InboundPortSpec): string {
  return `inbound|${listenPort}||`;
}

/** Everything on which the Envoy of a machine listens for the mesh. */
export function inboundListeners(spec: EnvoySpec): readonly Listener[] {
  const { inbound } = spec;
  if (inbound === undefined) return [];
  return [
    ...inbound.ports.map((port) => inboundListener(spec, inbound, port)),
    ...(inbound.health === undefined ? [] : [healthListener(spec, inbound, inbound.health)]),
  ];
}

/** The applications behind them. */
export function inboundClusters({ inbound }: EnvoySpec): readonly Readonly<Record<string, unknown>>[] {
  return (inbound?.ports ?? []).map(inboundCluster);
}

function inboundListener(spec: EnvoySpec, inbound: InboundSpec, port: InboundPortSpec): Listener {
  const name = inboundClusterName(port);
  const listen: ListenAddress = { address: inbound.listenAddress, port: port.listenPort };
  const proxy = port.protocol === ServiceProtocol.TCP ? tcpProxy(spec, port) : manager(spec, inbound, port);
  const filters = [connectionLimit(port), proxy];
  const filter_chain_match = connectionMatch(spec, inbound);
  const transport_socket = inboundTls(spec, inbound, port);
  return {
    name,
    address: socketAddress(listen),
    // Of each connection, so that many of them at once don't take all memory.
    per_connection_buffer_limit_bytes: 1048576,
    filter_chains: [{ filter_chain_match, filters, transport_socket, transport_socket_connect_timeout: '10s' }],
  };
}

function connectionLimit(port: InboundPortSpec): NamedConfig {
  return {
    name: 'envoy.filters.network.connection_limit',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit',
      stat_prefix: inboundClusterName(port),
      max_connections: String(port.limits.maxConnections),
    },
  };
}

function manager(spec: EnvoySpec, inbound: InboundSpec, port: InboundPortSpec): NamedConfig {
  const name = inboundClusterName(port);
  const route = { cluster: name, timeout: seconds(port.timeoutSeconds) };
  return httpManager(spec, {
    statPrefix: name,
    virtualHosts: [{ name, domains: ['*'], routes: [{ match: { prefix: '/' }, route }] }],
    filters: requestFilters(inbound, port),
    fields: {
      // What a client says of its own certificate is never passed on.
      ...(inbound.httpsLoadBalancer === undefined
        ? {
            forward_client_cert_details: 'SANITIZE_SET',
            set_current_client_cert_details: { uri: true, subject: true },
          }
        : { forward_client_cert_details: 'SANITIZE' }),
      // Callers steer nothing of this Envoy by its own headers; their traces go on.
      use_remote_address: true,
      preserve_external_request_id: true,
      request_headers_timeout: '10s',
      // A connection keeps the certificates that it began with: it is ended between requests.
      common_http_protocol_options: { idle_timeout: seconds(port.idleTimeoutSeconds), max_connection_duration: '600s' },
      // What Envoy advises against unknown clients.
      http2_protocol_options: {
        max_concurrent_streams: 100,
        initial_stream_window_size: 65536,
        initial_connection_window_size: 1048576,
      },
    },
  });
}

function tcpProxy(spec: EnvoySpec, port: InboundPortSpec): NamedConfig {
  const name = inboundClusterName(port);
  return {
    name: 'envoy.filters.network.tcp_proxy',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy',
      stat_prefix: statName(name),
      cluster: name,
      idle_timeout: seconds(port.idleTimeoutSeconds),
      access_log: accessLog(spec, TCP_FIELDS),
      ...AFTER_HANDSHAKE,
    },
  };
}

function inboundCluster(port: InboundPortSpec): Readonly<Record<string, unknown>> {
  const { application, protocol, limits, healthCheck } = port;
  const name = inboundClusterName(port);
  return {
    name,
    type: 'STATIC',
    connect_timeout: seconds(port.connectTimeoutSeconds),
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: socketAddress(application) } }] }],
    },
    typed_extension_protocol_options: protocolOptions(protocol),
    // HTTP/1.1 needs a connection for each request.
    circuit_breakers: circuitBreakers({
      ...limits,
      maxConnections: Math.max(limits.maxConnections, limits.maxRequests),
      maxRetries: 1,
    }),
    health_checks:
      healthCheck === undefined ? undefined : [healthCheckConfig(healthCheck, { host: 'localhost', protocol })],
  };
}

/** Answers 200 or 503 to one path, 404 to all others, and says nothing else. */
function healthListener(spec: EnvoySpec, { listenAddress, ports }: InboundSpec, health: HealthEndpointSpec): Listener {
  const checked = ports.filter(({ healthCheck }) => healthCheck !== undefined).map(inboundClusterName);
  const percentages = Object.fromEntries(checked.map((name) => [name, { value: 100 }]));
  const path = { name: ':path', string_match: { exact: health.path } };
  const filters: readonly NamedConfig[] = [
    {
      name: 'envoy.filters.http.header_mutation',
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation',
        // The health check below tells the node's cluster, which is the machine's identity.
        mutations: { response_mutations: [{ remove: 'x-envoy-upstream-healthchecked-cluster' }] },
      },
    },
    {
      name: 'envoy.filters.http.health_check',
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.filters.http.health_check.v3.HealthCheck',
        pass_through_mode: false,
        headers: [path],
        cluster_min_healthy_percentages: checked.length > 0 ? percentages : undefined,
      },
    },
  ];
  const manager = httpManager(
    { ...spec, accessLogPath: undefined },
    {
      statPrefix: 'health',
      virtualHosts: [{ name: 'health', domains: ['*'] }],
      filters,
      fields: { use_remote_address: true, request_headers_timeout: '10s' },
    },
  );
  return tcpListener('health', { address: listenAddress, port: health.port }, [manager]);
}
