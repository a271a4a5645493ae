/** Rights of kube-state-metrics: it also looks for the definition of the resource. */
export const WORKLOAD_ENTRY_RULES = [
  { apiGroups: ['networking.istio.io'], resources: ['workloadentries'], verbs: ['list', 'watch'] },
  { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: ['list', 'watch'] },
];

/** The file with which kube-state-metrics makes metrics of WorkloadEntries. */
export function customResourceState(): Readonly<Record<string, unknown>> {
  return {
    kind: 'CustomResourceStateMetrics',
    spec: {
      resources: [
        {
          groupVersionKind: { group: 'networking.istio.io', version: 'v1', kind: 'WorkloadEntry' },
          metricNamePrefix: 'meshvm_workload_entry',
          labelsFromPath: {
            namespace: ['metadata', 'namespace'],
            workload_entry: ['metadata', 'name'],
            workload: ['metadata', 'annotations', 'istio.io/autoRegistrationGroup'],
          },
          metrics: [
            {
              name: 'info',
              help: 'A WorkloadEntry, and the machine that it stands for.',
              each: {
                type: 'Info',
                info: {
                  labelsFromPath: {
                    address: ['spec', 'address'],
                    app: ['spec', 'labels', 'app'],
                    version: ['spec', 'labels', 'version'],
                    health_checks: ['metadata', 'annotations', 'proxy.istio.io/health-checks-enabled'],
                  },
                },
              },
            },
            {
              name: 'condition',
              help: 'Conditions of a WorkloadEntry: 1 is True.',
              each: {
                type: 'Gauge',
                gauge: {
                  path: ['status', 'conditions'],
                  labelsFromPath: { condition: ['type'] },
                  valueFrom: ['status'],
                },
              },
            },
            {
              name: 'connected_timestamp_seconds',
              help: 'When the connection of the machine to istiod began.',
              each: { type: 'Gauge', gauge: { path: ['metadata', 'annotations', 'istio.io/connectedAt'] } },
            },
          ],
        },
      ],
    },
  };
}
