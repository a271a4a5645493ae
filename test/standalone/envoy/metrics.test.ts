import { metricsCluster, metricsListener } from '../../../lib/standalone/envoy/metrics';
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

test('metricsCluster is the admin interface', () => {
  expect(metricsCluster(anEnvoy({ adminPort: 9901 }))).toMatchObject({
    name: 'admin',
    load_assignment: {
      endpoints: [
        { lb_endpoints: [{ endpoint: { address: { socket_address: { address: '127.0.0.1', port_value: 9901 } } } }] },
      ],
    },
  });
});
