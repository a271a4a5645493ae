import { parse } from 'yaml';
import { envoyFiles } from '../../../lib/standalone/envoy/files';
import { STATS_CONFIG, statName } from '../../../lib/standalone/envoy/stats';
import { anEnvoy } from './spec';

/** Name and labels that Envoy makes of a statistic. */
function metric(statistic: string): readonly [string, Readonly<Record<string, string>>] {
  let name = statistic;
  const labels: Record<string, string> = {};
  for (const { tag_name, regex } of STATS_CONFIG.stats_tags) {
    const [, removed, value] = new RegExp(regex).exec(statistic) ?? [];
    if (removed === undefined) continue;
    name = name.replace(removed, '');
    labels[tag_name] = value;
  }
  return [name, labels];
}

const NAME = 'outbound|80||catalog.shop.svc.cluster.local';

test.each([
  [`cluster.${statName(NAME)}.upstream_cx_total`, 'cluster.upstream_cx_total', { cluster_name: NAME }],
  [`cluster.${statName(NAME)}.upstream_rq_503`, 'cluster.upstream_rq', { cluster_name: NAME, response_code: '503' }],
  [
    `http.${statName(NAME)}.downstream_rq_2xx`,
    'http.downstream_rq',
    { http_conn_manager_prefix: NAME, response_code_class: '2xx' },
  ],
  [`tcp.${statName(NAME)}.downstream_cx_total`, 'tcp.downstream_cx_total', { tcp_prefix: NAME }],
  [
    'listener.127.0.0.1_15080.downstream_cx_total',
    'listener.downstream_cx_total',
    { listener_address: '127.0.0.1_15080' },
  ],
  [
    `listener.127.0.0.1_15080.http.${statName('outbound_http')}.downstream_rq_2xx`,
    'listener.http.downstream_rq',
    {
      listener_address: '127.0.0.1_15080',
      http_conn_manager_listener_prefix: 'outbound_http',
      response_code_class: '2xx',
    },
  ],
  ['server.uptime', 'server.uptime', {}],
])('%s is %s with labels', (statistic, name, labels) => {
  expect(metric(statistic)).toStrictEqual([name, labels]);
});

test('every cluster has a name that ends where it should', () => {
  const { static_resources } = parse(envoyFiles(anEnvoy({ metrics: { address: '::', port: 15090 } }))['envoy.yaml']);
  const names = static_resources.clusters.map((cluster: Record<string, string>) => [
    cluster.name,
    cluster.alt_stat_name,
  ]);
  expect(names.length).toBeGreaterThan(1);
  for (const [name, stat] of names) expect(stat).toBe(`${name};`);
});
