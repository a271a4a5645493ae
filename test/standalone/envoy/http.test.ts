import fc from 'fast-check';
import { httpManager, ownVirtualHost, sharedVirtualHosts } from '../../../lib/standalone/envoy/http';
import { anEnvoy, aService, printed } from './spec';

const again = {
  retry_on: 'connect-failure,retriable-status-codes',
  retriable_status_codes: [503],
  num_retries: 2,
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
const noRetries = { ...aService().retries, attempts: 0, retryOn: undefined };

describe('ownVirtualHost', () => {
  test('takes every request, and gives it the name of the service', () => {
    expect(printed(ownVirtualHost(aService({ port: 8080 })))).toStrictEqual({
      name: 'catalog.shop.svc.cluster.local:8080',
      domains: ['*'],
      routes: [
        {
          match: { prefix: '/' },
          route: {
            cluster: 'outbound|8080||catalog.shop.svc.cluster.local',
            host_rewrite_literal: 'catalog.shop.svc.cluster.local:8080',
            timeout: '0s',
            retry_policy: again,
          },
        },
      ],
      include_request_attempt_count: false,
    });
  });
});

describe('sharedVirtualHosts', () => {
  const domainsOf = (...ports: readonly number[]) =>
    sharedVirtualHosts(
      ports.map((port) => aService({ port, host: 'api.example.com' })),
      15080,
    ).map((host) => (host as { domains: string[] }).domains);

  test('are found by the Host header as clients write it', () => {
    expect(domainsOf(8080)).toEqual([['api.example.com', 'api.example.com:8080', 'api.example.com:15080']]);
  });

  test('of several ports that of 80 is meant where none is said, or nobody', () => {
    expect(domainsOf(8080, 80)).toEqual([
      ['api.example.com:8080'],
      ['api.example.com', 'api.example.com:80', 'api.example.com:15080'],
    ]);
    expect(domainsOf(8080, 81)).toEqual([['api.example.com:8080'], ['api.example.com:81']]);
  });

  test('the port of a service is stronger than that of the listener', () => {
    expect(domainsOf(80, 15080)).toEqual([['api.example.com', 'api.example.com:80'], ['api.example.com:15080']]);
  });

  test('no domain is there twice, which Envoy would refuse', () => {
    const host = fc.constantFrom('a.b.svc.cluster.local', 'c.b.svc.cluster.local', 'api.example.com');
    const key = fc.record({ host, port: fc.constantFrom(80, 81, 8080, 15080) });
    fc.assert(
      fc.property(fc.uniqueArray(key, { selector: ({ host, port }) => `${host}:${port}` }), (keys) => {
        const hosts = sharedVirtualHosts(
          keys.map((fields) => aService(fields)),
          15080,
        );
        const domains = hosts.flatMap((one) => (one as { domains: string[] }).domains);
        expect(new Set(domains).size).toBe(domains.length);
      }),
    );
  });

  test('has times, and no retries where there are none', () => {
    const retries = { ...aService().retries, perTryTimeoutSeconds: 1, backoffSeconds: 0.1 };
    expect(printed(sharedVirtualHosts([aService({ timeoutSeconds: 2.5, retries })], 15080)[0])).toMatchObject({
      routes: [
        {
          route: {
            timeout: '2.5s',
            retry_policy: { per_try_timeout: '1s', retry_back_off: { base_interval: '0.1s' } },
          },
        },
      ],
    });
    expect(JSON.stringify(sharedVirtualHosts([aService({ retries: noRetries })], 15080))).not.toContain('retry_policy');
  });
});

test('httpManager speaks to local clients, and writes no log where there is none', () => {
  const { typed_config } = httpManager(anEnvoy(), { statPrefix: 'shop', virtualHosts: [] });
  expect(printed(typed_config)).toStrictEqual({
    '@type': 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
    stat_prefix: 'shop;',
    codec_type: 'AUTO',
    route_config: { virtual_hosts: [], validate_clusters: true },
    http_filters: [
      {
        name: 'envoy.filters.http.router',
        typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router' },
      },
    ],
    normalize_path: true,
    path_with_escaped_slashes_action: 'KEEP_UNCHANGED',
    stream_idle_timeout: '0s',
    upgrade_configs: [{ upgrade_type: 'websocket' }],
    server_header_transformation: 'PASS_THROUGH',
  });
});
