import type { Listener } from './config';
import { namesByAddress } from './hosts-block';
import type { DnsSpec, EnvoySpec } from './spec';

/** Envoy's DNS server: names of the services are at the addresses where this Envoy takes calls to them. */
export function dnsListener(spec: EnvoySpec, dns: DnsSpec): Listener {
  return {
    name: 'dns',
    address: { socket_address: { protocol: 'UDP', address: dns.address, port_value: dns.port } },
    listener_filters: [
      {
        name: 'envoy.filters.udp.dns_filter',
        typed_config: {
          '@type': 'type.googleapis.com/envoy.extensions.filters.udp.dns_filter.v3.DnsFilterConfig',
          stat_prefix: 'dns',
          server_config: { inline_dns_table: { virtual_domains: domains(spec) } },
          client_config: dns.upstreams.length === 0 ? undefined : clientConfig(dns.upstreams),
        },
      },
    ],
  };
}

function domains(spec: EnvoySpec): readonly unknown[] {
  const records = [...namesByAddress(spec)].flatMap(([address, names]) => names.map((name) => ({ name, address })));
  return records.map(({ name, address }) => ({
    name,
    endpoint: { address_list: { address: [address] } },
    answer_ttl: '30s',
  }));
}

function clientConfig(upstreams: readonly string[]): unknown {
  return {
    resolver_timeout: '5s',
    max_pending_lookups: '256',
    typed_dns_resolver_config: {
      name: 'envoy.network.dns_resolver.cares',
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig',
        resolvers: upstreams.map((address) => ({ socket_address: { address, port_value: 53 } })),
        dns_resolver_options: { no_default_search_domain: true },
      },
    },
  };
}
