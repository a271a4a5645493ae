import { type Listener, type NamedConfig, tcpListener } from './config';
import { httpManager } from './http';
import type { EnvoySpec, ListenAddress } from './spec';

/** Folder of the admin interface's socket. Whoever runs Envoy makes it, for Envoy's user alone. */
export const ADMIN_FOLDER = '/run/meshvm-envoy';

/**
 * The admin interface, a socket in the file system: whoever reaches it rules the Envoy, and a port of loopback is reached by every local
 * user and by each program that can be made to send requests.
 */
export function adminInterface({ adminSocket }: EnvoySpec): Readonly<Record<string, unknown>> {
  return { address: pipe(adminSocket) };
}

/** What anybody on the machine may read of the admin interface. Its port is held by one Envoy alone, so that a second is noticed. */
export function adminListener(spec: EnvoySpec): Listener {
  const listen = { address: '127.0.0.1', port: spec.adminPort };
  return { ...tcpListener(ADMIN, listen, [adminReader(spec, ADMIN, READABLE)]), enable_reuse_port: false };
}

/** The metrics of the admin interface, and nothing else of it. */
export function metricsListener(spec: EnvoySpec, listen: ListenAddress): Listener {
  return tcpListener('metrics', listen, [adminReader(spec, 'metrics', ['/stats/prometheus'])]);
}

/** The way to the admin interface. */
export function adminCluster({ adminSocket }: EnvoySpec): Readonly<Record<string, unknown>> {
  const endpoint = { address: pipe(adminSocket) };
  return {
    name: ADMIN,
    type: 'STATIC',
    connect_timeout: '1s',
    load_assignment: { cluster_name: ADMIN, endpoints: [{ lb_endpoints: [{ endpoint }] }] },
  };
}

/** Passes on what is asked by GET for one of the paths, whatever its query, and writes no log. */
function adminReader(spec: EnvoySpec, name: string, paths: readonly string[]): NamedConfig {
  const routes = paths.map((path) => ({ match: { path, headers: [GET] }, route: { cluster: ADMIN } }));
  const virtualHosts = [{ name, domains: ['*'], routes }];
  return httpManager({ ...spec, accessLogPath: undefined }, { statPrefix: name, virtualHosts });
}

/** Envoy replaces what an Envoy before it has left there. */
function pipe(path: string): Readonly<Record<string, unknown>> {
  return { pipe: { path, mode: 0o600 } };
}

const ADMIN = 'admin';
/** Nothing here changes anything, and nothing has the configuration in it. */
const READABLE = ['/ready', '/stats', '/stats/prometheus', '/clusters', '/listeners', '/server_info', '/certs'];
const GET = { name: ':method', string_match: { exact: 'GET' } };
