import { ServiceProtocol } from '../../../lib/mesh/service-protocol';
import { outboundListeners } from '../../../lib/standalone/envoy/listeners';
import type { EnvoySpec } from '../../../lib/standalone/envoy/spec';
import { anEnvoy, aService, printed } from './spec';

interface Printed {
  readonly name: string;
  readonly address: { readonly socket_address: object };
  readonly filter_chains: readonly { readonly filters: readonly { readonly typed_config: object }[] }[];
}

function listenersOf(fields: Partial<EnvoySpec>): readonly Printed[] {
  return printed(outboundListeners(anEnvoy(fields))) as readonly Printed[];
}

describe('outboundListeners', () => {
  test('one for each service with a port of its own, and one for all others', () => {
    const services = [
      aService(),
      aService({ host: 'api.example.com', listen: undefined }),
      aService({ host: 'ledger.example.com', listen: undefined }),
    ];
    expect(listenersOf({ services }).map(({ name, address }) => [name, address])).toEqual([
      ['outbound|80||catalog.shop.svc.cluster.local', { socket_address: { address: '127.0.0.1', port_value: 8080 } }],
      ['outbound_http', { socket_address: { address: '127.0.0.1', port_value: 15080 } }],
      ['admin', { socket_address: { address: '127.0.0.1', port_value: 15000 } }],
    ]);
  });

  test('TCP is passed on as it is; while the client has sent nothing, another gateway is tried', () => {
    const services = [aService({ protocol: ServiceProtocol.TCP })];
    expect(listenersOf({ services })[0].filter_chains).toStrictEqual([
      {
        filters: [
          {
            name: 'envoy.filters.network.tcp_proxy',
            typed_config: {
              '@type': 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy',
              stat_prefix: 'outbound|80||catalog.shop.svc.cluster.local;',
              cluster: 'outbound|80||catalog.shop.svc.cluster.local',
              max_connect_attempts: 3,
            },
          },
        ],
      },
    ]);
  });

  test('metrics and names only where they are wanted', () => {
    const dns = { address: '127.0.0.1', port: 15053, upstreams: [] };
    const metrics = { address: '0.0.0.0', port: 15090 };
    expect(listenersOf({ dns, metrics }).map(({ name }) => name)).toEqual([
      'outbound|80||catalog.shop.svc.cluster.local',
      'dns',
      'metrics',
      'admin',
    ]);
  });
});
