import { adminCluster, adminInterface, adminListener, metricsListener } from '../../../lib/standalone/envoy/admin';
import { anEnvoy, printed } from './spec';

test('metricsListener passes on one path, for reading, and writes no log', () => {
  const listener = printed(metricsListener(anEnvoy({ accessLogPath: '/dev/stdout' }), { address: '::', port: 15090 }));
  expect(listener).toMatchObject({
    name: 'metrics',
    address: { socket_address: { address: '::', port_value: 15090 } },
  });
  expect(JSON.stringify(listener)).not.toContain('access_log');
  expect((listener as { filter_chains: unknown[] }).filter_chains).toMatchObject([
    {
      filters: [
        {
          typed_config: {
            route_config: {
              virtual_hosts: [
                {
                  domains: ['*'],
                  routes: [
                    {
                      match: {
                        path: '/stats/prometheus',
                        headers: [{ name: ':method', string_match: { exact: 'GET' } }],
                      },
                      route: { cluster: 'admin' },
                    },
                  ],
                },
              ],
            },
          },
        },
      ],
    },
  ]);
});

test('adminListener is on loopback, and passes on what may be read', () => {
  const listener = printed(adminListener(anEnvoy({ adminPort: 9901 })));
  expect(listener).toMatchObject({
    name: 'admin',
    address: { socket_address: { address: '127.0.0.1', port_value: 9901 } },
    enable_reuse_port: false,
  });
  const paths = ['/ready', '/stats', '/stats/prometheus', '/clusters', '/listeners', '/server_info', '/certs'];
  const headers = [{ name: ':method', string_match: { exact: 'GET' } }];
  const routes = paths.map((path) => ({ match: { path, headers }, route: { cluster: 'admin' } }));
  const { filter_chains } = listener as { filter_chains: { filters: { typed_config: { route_config: unknown } }[] }[] };
  expect(filter_chains[0].filters[0].typed_config.route_config).toMatchObject({ virtual_hosts: [{ routes }] });
});

test('the interface itself is a socket that its user alone may use', () => {
  const address = { pipe: { path: '/run/a.sock', mode: 0o600 } };
  const spec = anEnvoy({ adminSocket: '/run/a.sock' });
  expect(adminInterface(spec)).toStrictEqual({ address });
  expect(adminCluster(spec)).toMatchObject({
    name: 'admin',
    load_assignment: { endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] },
  });
});
