export { WorkloadEntryMetrics } from '../workload-entry-metrics';
