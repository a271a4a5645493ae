import { WorkloadEntryMetrics } from 'meshvm';

interface Resource {
  readonly metricNamePrefix: string;
  readonly groupVersionKind: Readonly<Record<string, string>>;
  readonly metrics: readonly { readonly name: string }[];
}

test('kube-state-metrics makes three metrics of each WorkloadEntry', () => {
  const { kind, spec } = WorkloadEntryMetrics.customResourceState();
  const [resource, ...others] = (spec as { readonly resources: readonly Resource[] }).resources;
  expect([kind, others]).toStrictEqual(['CustomResourceStateMetrics', []]);
  expect(resource.groupVersionKind).toStrictEqual({
    group: 'networking.istio.io',
    version: 'v1',
    kind: 'WorkloadEntry',
  });
  expect(resource.metrics.map(({ name }) => `${resource.metricNamePrefix}_${name}`)).toStrictEqual([
    'meshvm_workload_entry_info',
    'meshvm_workload_entry_condition',
    'meshvm_workload_entry_connected_timestamp_seconds',
  ]);
});

test('kube-state-metrics may read WorkloadEntries and definitions, and change nothing', () => {
  const rules = WorkloadEntryMetrics.clusterRoleRules();
  expect(rules.map(({ resources, verbs }) => [resources, verbs])).toStrictEqual([
    [['workloadentries'], ['list', 'watch']],
    [['customresourcedefinitions'], ['list', 'watch']],
  ]);
});
