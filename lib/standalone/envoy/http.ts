import { ServiceProtocol } from '../../mesh/service-protocol';
import { accessLog, HTTP_FIELDS } from './access-log';
import { clusterName } from './cluster';
import type { NamedConfig } from './config';
import { seconds } from './durations';
import { serviceNames } from './hosts-block';
import type { EnvoySpec, ServiceSpec } from './spec';
import { statName } from './stats';
import { transcodingOf } from './transcoding';

/** What differs between the connection managers of an Envoy. */
export interface HttpManager {
  readonly statPrefix: string;
  readonly virtualHosts: readonly unknown[];
  /** Filters before the router. */
  readonly filters?: readonly NamedConfig[];
  /** Further fields of the connection manager. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** Envoy's HTTP connection manager, for clients that speak HTTP/1.1 or HTTP/2 without TLS. */
export function httpManager(spec: EnvoySpec, manager: HttpManager): NamedConfig {
  return {
    name: 'envoy.filters.network.http_connection_manager',
    typed_config: {
      '@type': `${NETWORK}.http_connection_manager.v3.HttpConnectionManager`,
      stat_prefix: statName(manager.statPrefix),
      codec_type: 'AUTO',
      route_config: { virtual_hosts: manager.virtualHosts, validate_clusters: true },
      http_filters: [...(manager.filters ?? []), ROUTER],
      access_log: accessLog(spec, HTTP_FIELDS),
      // What a policy of the mesh compares paths with is what the server's sidecar sees.
      normalize_path: true,
      path_with_escaped_slashes_action: 'KEEP_UNCHANGED',
      // As sidecars do: streams may last.
      stream_idle_timeout: '0s',
      upgrade_configs: [{ upgrade_type: 'websocket' }],
      server_header_transformation: 'PASS_THROUGH',
      ...manager.fields,
    },
  };
}

/** A service on its own listener: whatever the client calls it. */
export function ownVirtualHost(service: ServiceSpec): unknown {
  return virtualHost(service, ['*']);
}

/**
 * Services on the listener of all services, told apart by the Host header. Without the port of a service in it, or with that of the
 * listener, it means the only service of that name, or the one with port 80.
 */
export function sharedVirtualHosts(services: readonly ServiceSpec[], listenerPort: number): readonly unknown[] {
  return services.map((service) => {
    const names = serviceNames(service);
    const others = services.filter((other) => other !== service && other.host === service.host);
    const meant = others.length === 0 || service.port === 80;
    const byListener = meant && others.every(({ port }) => port !== listenerPort);
    const ports = new Set([service.port, ...(byListener ? [listenerPort] : [])]);
    return virtualHost(service, [
      ...(meant ? names : []),
      ...[...ports].flatMap((port) => names.map((name) => `${name}:${port}`)),
    ]);
  });
}

/** The server gets the service's own name, whichever the client used. */
function virtualHost(service: ServiceSpec, domains: readonly string[]): unknown {
  const { host, port } = service;
  const authority = port === 80 ? host : `${host}:${port}`;
  const route = { cluster: clusterName(service), host_rewrite_literal: authority, ...routeOf(service) };
  return {
    name: `${host}:${port}`,
    domains,
    routes: [{ match: { prefix: '/' }, route }],
    include_request_attempt_count: false,
    typed_per_filter_config: transcodingOf(service),
  };
}

function routeOf({ timeoutSeconds, retries }: ServiceSpec): object {
  return {
    // Beside max_stream_duration Envoy would forget it: RouteEntry.usingNewTimeouts.
    timeout: seconds(timeoutSeconds),
    retry_policy: retries.attempts === 0 ? undefined : retryPolicy(retries),
  };
}

function retryPolicy(retries: ServiceSpec['retries']): object {
  const conditions = retries.retryOn ?? [];
  const statuses = conditions.filter((condition) => /^\d+$/.test(condition)).map(Number);
  const named = conditions.filter((condition) => !/^\d+$/.test(condition));
  const { perTryTimeoutSeconds: perTry, backoffSeconds: backoff } = retries;
  return {
    retry_on: [...named, ...(statuses.length > 0 ? ['retriable-status-codes'] : [])].join(','),
    retriable_status_codes: statuses.length > 0 ? statuses : undefined,
    num_retries: retries.attempts,
    per_try_timeout: perTry === undefined ? undefined : seconds(perTry),
    retry_back_off: backoff === undefined ? undefined : { base_interval: seconds(backoff) },
    // Another gateway than before, where there is one.
    retry_host_predicate: [
      {
        name: 'envoy.retry_host_predicates.previous_hosts',
        typed_config: {
          '@type': 'type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate',
        },
      },
    ],
    host_selection_retry_max_attempts: 5,
  };
}

/** Whether a service is told apart by its requests. */
export function isHttp({ protocol }: Pick<ServiceSpec, 'protocol'>): boolean {
  return protocol !== ServiceProtocol.TCP;
}

const NETWORK = 'type.googleapis.com/envoy.extensions.filters.network';
const ROUTER: NamedConfig = {
  name: 'envoy.filters.http.router',
  typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router' },
};
