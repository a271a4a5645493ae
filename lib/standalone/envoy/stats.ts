/**
 * Name of a cluster, or of what a listener serves, in statistics. Envoy ends a name at the first dot unless it is told otherwise; sidecars
 * end theirs by this mark.
 *
 * Upstream: istio pkg/config/constants StatPrefixDelimiter.
 */
export function statName(name: string): string {
  return `${name};`;
}

/**
 * Labels of metrics, as those of sidecars: what of a statistic's name is a label and no part of the metric's name.
 *
 * Upstream: istio tools/packaging/common/envoy_bootstrap.json.
 */
export const STATS_CONFIG = {
  use_all_default_tags: false,
  stats_tags: [
    { tag_name: 'cluster_name', regex: '^cluster(\\.([^;]+);)' },
    { tag_name: 'http_conn_manager_prefix', regex: '^http(\\.([^;]+);)' },
    { tag_name: 'http_conn_manager_listener_prefix', regex: '^listener\\..*\\.http(\\.([^;]+);)' },
    { tag_name: 'tcp_prefix', regex: '^tcp(\\.([^;]+);)' },
    { tag_name: 'listener_address', regex: '^listener\\.(([_.\\d]+|[_\\[\\]a-fA-F\\d]+)\\.)' },
    { tag_name: 'response_code', regex: '_rq(_(\\d{3}))$' },
    { tag_name: 'response_code_class', regex: '_rq(_(\\dxx))$' },
  ],
};
