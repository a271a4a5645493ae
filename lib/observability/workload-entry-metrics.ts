import { customResourceState, WORKLOAD_ENTRY_RULES } from './manifests/workload-entry-metrics';

/**
 * What kube-state-metrics must be told, so that Prometheus knows which machines are registered and healthy: Istio has no metric of it.
 *
 * - `meshvm_workload_entry_info`: 1 for each WorkloadEntry, with `namespace`, `workload_entry` (its name), `workload` (the group that it was
 *   registered for), `address`, `app`, `version`, and `health_checks="true"` where the machine reports its health.
 * - `meshvm_workload_entry_condition`: 1 or 0 for each condition; `condition="Healthy"` is the machine's last report.
 * - `meshvm_workload_entry_connected_timestamp_seconds`: since when the machine is connected.
 *
 * The labels `namespace` and `workload` are those of the machine: scrape kube-state-metrics with `honor_labels: true`, as its own chart does.
 *
 * Upstream: https://github.com/kubernetes/kube-state-metrics/blob/main/docs/metrics/extend/customresourcestate-metrics.md
 *
 * @example
 * const values = {
 *   customResourceState: { enabled: true, config: WorkloadEntryMetrics.customResourceState() },
 *   rbac: { extraRules: WorkloadEntryMetrics.clusterRoleRules() },
 * };
 */
export class WorkloadEntryMetrics {
  /**
   * The file for `--custom-resource-state-config-file`, as plain data. It holds for all groups of the cluster. A file for other custom
   * resources that exists already takes the elements of `spec.resources` in.
   */
  public static customResourceState(): Readonly<Record<string, unknown>> {
    return customResourceState();
  }

  /** Rules that the ClusterRole of kube-state-metrics needs for it. */
  public static clusterRoleRules(): readonly Readonly<Record<string, readonly string[]>>[] {
    return WORKLOAD_ENTRY_RULES;
  }

  private constructor() {}
}
