import type { EnvoyHost } from './inbound';

/**
 * Files of a load balancer as clouds have them: it ends TLS on port 443 and looks at no certificate of the machine `http`; port 9443 passes
 * TCP on to the machine `tcp`.
 */
export function loadBalancer(host: EnvoyHost, http: string, tcp: string): Readonly<Record<string, string>> {
  return { 'sds.yaml': secret(host.certificates), 'envoy.yaml': bootstrap(host.directory, http, tcp) };
}

function bootstrap(directory: string, http: string, tcp: string): string {
  const address = (host: string, port: number) => ({ socket_address: { address: host, port_value: port } });
  const cluster = (name: string, host: string, tls?: object) => ({
    name,
    type: 'STATIC',
    connect_timeout: '2s',
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: address(host, 8080) } }] }],
    },
    ...(tls && { transport_socket: { name: 'tls', typed_config: tls } }),
  });
  const sds = { path_config_source: { path: `${directory}/sds.yaml` }, resource_api_version: 'V3' };
  const own = { tls_certificate_sds_secret_configs: [{ name: 'own', sds_config: sds }] };
  const manager = {
    '@type': `${TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: 'https',
    // Like those of clouds, it passes on what it does not know.
    forward_client_cert_details: 'ALWAYS_FORWARD_ONLY',
    route_config: {
      virtual_hosts: [
        { name: 'all', domains: ['*'], routes: [{ match: { prefix: '/' }, route: { cluster: 'http' } }] },
      ],
    },
    http_filters: [{ name: 'router', typed_config: { '@type': `${TYPE}.filters.http.router.v3.Router` } }],
  };
  const proxy = { '@type': `${TYPE}.filters.network.tcp_proxy.v3.TcpProxy`, stat_prefix: 'tcp', cluster: 'tcp' };
  const listener = (port: number, config: object, tls?: object) => ({
    name: String(port),
    address: address('0.0.0.0', port),
    filter_chains: [
      {
        filters: [{ name: 'proxy', typed_config: config }],
        ...(tls && { transport_socket: { name: 'tls', typed_config: tls } }),
      },
    ],
  });
  const downstream = { '@type': `${TYPE}.transport_sockets.tls.v3.DownstreamTlsContext`, common_tls_context: own };
  return JSON.stringify({
    node: { id: 'balancer', cluster: 'balancer' },
    admin: { address: address('127.0.0.1', 15000) },
    static_resources: {
      listeners: [listener(443, manager, downstream), listener(9443, proxy)],
      clusters: [
        cluster('http', http, { '@type': `${TYPE}.transport_sockets.tls.v3.UpstreamTlsContext` }),
        cluster('tcp', tcp),
      ],
    },
  });
}

function secret(certificates: string): string {
  return JSON.stringify({
    resources: [
      {
        '@type': `${TYPE}.transport_sockets.tls.v3.Secret`,
        name: 'own',
        tls_certificate: {
          certificate_chain: { filename: `${certificates}/cert-chain.pem` },
          private_key: { filename: `${certificates}/key.pem` },
          watched_directory: { path: certificates },
        },
      },
    ],
  });
}

const TYPE = 'type.googleapis.com/envoy.extensions';
