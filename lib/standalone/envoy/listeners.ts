import { accessLog, TCP_FIELDS } from './access-log';
import { adminListener, metricsListener } from './admin';
import { clientMatch, clientTls } from './clients';
import { clusterName } from './cluster';
import { type Listener, type NamedConfig, tcpListener } from './config';
import { dnsListener } from './dns-filter';
import { httpManager, isHttp, ownVirtualHost, sharedVirtualHosts } from './http';
import type { EnvoySpec, ListenAddress, ServiceSpec } from './spec';
import { statName } from './stats';
import { transcodingFilters } from './transcoding';

/** Everything on which the Envoy of a machine listens for the machine's own clients, and for who looks after it. */
export function outboundListeners(spec: EnvoySpec): readonly Listener[] {
  const own = spec.services.flatMap((service) => (service.listen === undefined ? [] : ownListener(spec, service)));
  const shared = spec.services.filter(({ listen }) => listen === undefined);
  return [
    ...own,
    ...(shared.length === 0 ? [] : [sharedListener(spec, shared)]),
    ...(spec.dns === undefined ? [] : [dnsListener(spec, spec.dns)]),
    ...(spec.metrics === undefined ? [] : [metricsListener(spec, spec.metrics)]),
    adminListener(spec),
  ];
}

function ownListener(spec: EnvoySpec, service: ServiceSpec): readonly Listener[] {
  const listen = service.listen as ListenAddress;
  const name = clusterName(service);
  const filter = isHttp(service)
    ? httpManager(spec, {
        statPrefix: name,
        virtualHosts: [ownVirtualHost(service)],
        filters: transcodingFilters([service]),
      })
    : tcpProxy(spec, service);
  return [clientListener(spec, name, listen, filter)];
}

function sharedListener(spec: EnvoySpec, services: readonly ServiceSpec[]): Listener {
  const virtualHosts = sharedVirtualHosts(services, spec.httpListener.port);
  const manager = httpManager(spec, {
    statPrefix: 'outbound_http',
    virtualHosts,
    filters: transcodingFilters(services),
  });
  return clientListener(spec, 'outbound_http', spec.httpListener, manager);
}

/** A listener for who calls services: the machine's own clients, or those of shared proxies. */
function clientListener(spec: EnvoySpec, name: string, listen: ListenAddress, filter: NamedConfig): Listener {
  return tcpListener(name, listen, [filter], clientTls(spec), clientMatch(spec));
}

/** For TCP: who shows no certificate that is good, where one is asked for, causes no connection behind the Envoy either. */
export const AFTER_HANDSHAKE = { upstream_connect_mode: 'ON_DOWNSTREAM_TLS_HANDSHAKE', max_early_data_bytes: 0 };

function tcpProxy(spec: EnvoySpec, service: ServiceSpec): NamedConfig {
  return {
    name: 'envoy.filters.network.tcp_proxy',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy',
      stat_prefix: statName(clusterName(service)),
      cluster: clusterName(service),
      access_log: accessLog(spec, TCP_FIELDS),
      // Another gateway, while the client has sent nothing.
      max_connect_attempts: service.retries.attempts + 1,
      ...(spec.clients?.certificates && AFTER_HANDSHAKE),
    },
  };
}
