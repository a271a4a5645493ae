import { type Problems, type Rule, rule } from '../core/problems';
import { isWhole } from '../core/values/counts';

export const REPLICAS = rule({
  id: 'gateway/replicas',
  origin: 'kubernetes',
  allowed: 'whole numbers from 1, minReplicas no more than maxReplicas',
  remedy: 'correct the two',
  source: 'k8s.io/kubernetes validateHorizontalPodAutoscalerSpec',
});
const UTILIZATION = rule({
  id: 'gateway/cpu-utilization',
  origin: 'kubernetes',
  allowed: 'a whole number from 1, in percent of the CPU request',
  remedy: 'give a percentage such as 80',
  source: 'k8s.io/kubernetes validateMetricTarget',
});
const DRAIN = rule({
  id: 'gateway/drain-seconds',
  origin: 'meshvm',
  allowed: 'a whole number from 1 to 3600',
  remedy: 'give the seconds that the load balancer takes to notice that a pod goes',
  source: 'istio ProxyConfig.terminationDrainDuration; a node drain waits for as long',
});

/** How many pods there are, and how long they take to go. */
export function checkScaling(
  problems: Problems,
  scaling: {
    readonly minReplicas: number;
    readonly maxReplicas: number;
    readonly targetCpuUtilizationPercent: number;
    readonly drainSeconds: number;
  },
): void {
  const { minReplicas, maxReplicas, targetCpuUtilizationPercent, drainSeconds } = scaling;
  checkWholeNumber(problems, REPLICAS, 'minReplicas', minReplicas);
  checkWholeNumber(problems, REPLICAS, 'maxReplicas', maxReplicas);
  if (minReplicas > maxReplicas) {
    problems.add(REPLICAS, 'minReplicas', minReplicas, { allowed: `at most maxReplicas, which is ${maxReplicas}` });
  }
  checkWholeNumber(problems, UTILIZATION, 'targetCpuUtilizationPercent', targetCpuUtilizationPercent);
  checkWholeNumber(problems, DRAIN, 'drainSeconds', drainSeconds, 3600);
}

/** int32 in Kubernetes, so with an upper end. */
function checkWholeNumber(
  problems: Problems,
  violated: Rule,
  property: string,
  value: number,
  most = 2 ** 31 - 1,
): void {
  problems.check(violated, property, value, (known) => isWhole(known, 1, most));
}
