import { dnsListener } from '../../../lib/standalone/envoy/dns-filter';
import { anEnvoy, aService, printed } from './spec';

const type = 'type.googleapis.com/envoy.extensions.filters.udp.dns_filter.v3.DnsFilterConfig';
const services = [aService({ host: 'api.example.com', listen: { address: '127.0.0.2', port: 80 } })];

test('dnsListener answers with the address of the listener, and asks nobody for other names', () => {
  const dns = { address: '127.0.0.1', port: 15053, upstreams: [] };
  expect(printed(dnsListener(anEnvoy({ services }), dns))).toStrictEqual({
    name: 'dns',
    address: { socket_address: { protocol: 'UDP', address: '127.0.0.1', port_value: 15053 } },
    listener_filters: [
      {
        name: 'envoy.filters.udp.dns_filter',
        typed_config: {
          '@type': type,
          stat_prefix: 'dns',
          server_config: {
            inline_dns_table: {
              virtual_domains: [
                {
                  name: 'api.example.com',
                  endpoint: { address_list: { address: ['127.0.0.2'] } },
                  answer_ttl: '30s',
                },
              ],
            },
          },
        },
      },
    ],
  });
});

test('dnsListener asks the given servers', () => {
  const dns = { address: '127.0.0.1', port: 15053, upstreams: ['10.0.0.2'] };
  expect(printed(dnsListener(anEnvoy({ services }), dns))).toMatchObject({
    listener_filters: [
      {
        typed_config: {
          client_config: {
            typed_dns_resolver_config: {
              typed_config: { resolvers: [{ socket_address: { address: '10.0.0.2', port_value: 53 } }] },
            },
          },
        },
      },
    ],
  });
});
