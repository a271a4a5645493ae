import { type Listener, socketAddress, tcpListener } from './config';
import { httpManager } from './http';
import type { EnvoySpec, ListenAddress } from './spec';

const ADMIN = 'admin';
const PATH = '/stats/prometheus';

/** The metrics of the admin interface, and nothing else of it. */
export function metricsListener(spec: EnvoySpec, listen: ListenAddress): Listener {
  const route = { match: { path: PATH, headers: [GET] }, route: { cluster: ADMIN } };
  const virtualHosts = [{ name: 'metrics', domains: ['*'], routes: [route] }];
  const manager = httpManager({ ...spec, accessLogPath: undefined }, { statPrefix: 'metrics', virtualHosts });
  return tcpListener('metrics', listen, [manager]);
}

/** The way to the admin interface. */
export function metricsCluster(spec: EnvoySpec): Readonly<Record<string, unknown>> {
  const address = socketAddress(adminAddress(spec));
  return {
    name: ADMIN,
    type: 'STATIC',
    connect_timeout: '1s',
    load_assignment: { cluster_name: ADMIN, endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] },
  };
}

/** Where the admin interface listens. */
export function adminAddress({ adminPort }: EnvoySpec): ListenAddress {
  return { address: '127.0.0.1', port: adminPort };
}

const GET = { name: ':method', string_match: { exact: 'GET' } };
