export { WorkloadEntryMetrics } from '../../observability/workload-entry-metrics';
