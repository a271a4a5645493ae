import { isDeferred, type Problems, rule } from '../../core/problems';
import { checkLabels, checkLabelValue } from '../../core/values/labels';
import { checkRequestAndLimit } from '../../core/values/quantities';
import type { GatewayResources, Toleration } from '../gateway-pods';

const REPLICAS = rule({
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
const TOLERATION = rule({
  id: 'toleration/form',
  origin: 'kubernetes',
  allowed:
    'a value only with a key; effect NoSchedule, PreferNoSchedule or NoExecute; tolerationSeconds with NoExecute',
  remedy: 'correct the toleration',
  source: 'k8s.io/kubernetes ValidateTolerations',
});

const EFFECTS = new Set<unknown>(['', 'NoSchedule', 'PreferNoSchedule', 'NoExecute']);

/** Fills in every default. */
export function resolveResources(resources: GatewayResources = {}): Required<GatewayResources> {
  return {
    cpuRequest: resources.cpuRequest ?? '100m',
    memoryRequest: resources.memoryRequest ?? '128Mi',
    cpuLimit: resources.cpuLimit ?? '2',
    memoryLimit: resources.memoryLimit ?? '1Gi',
  };
}

export function checkResources(problems: Problems, resources: Required<GatewayResources>): void {
  const { cpuRequest, cpuLimit, memoryRequest, memoryLimit } = resources;
  const cpu = { request: 'cpuRequest', limit: 'cpuLimit' };
  const memory = { request: 'memoryRequest', limit: 'memoryLimit' };
  checkRequestAndLimit(problems, cpu, { request: cpuRequest, limit: cpuLimit });
  checkRequestAndLimit(problems, memory, { request: memoryRequest, limit: memoryLimit });
}

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

export function checkTolerations(problems: Problems, tolerations: readonly Toleration[]): void {
  tolerations.forEach((toleration, index) => {
    const at = problems.at(`tolerations[${index}]`);
    const { key, value, effect, tolerationSeconds } = toleration;
    if (key !== undefined && key !== '') checkLabels(at, 'key', { [key]: '' });
    if (value !== undefined) checkLabelValue(at, 'value', value);
    if (value !== undefined && (key === undefined || key === '')) at.add(TOLERATION, 'key', key);
    if (effect !== undefined && !isDeferred(effect) && !EFFECTS.has(effect)) at.add(TOLERATION, 'effect', effect);
    if (tolerationSeconds !== undefined && !isDeferred(tolerationSeconds)) {
      if (!Number.isInteger(tolerationSeconds)) at.add(TOLERATION, 'tolerationSeconds', tolerationSeconds);
      if (effect !== 'NoExecute') at.add(TOLERATION, 'effect', effect);
    }
  });
}

/** int32 in Kubernetes, so with an upper end. */
function checkWholeNumber(
  problems: Problems,
  violated: Parameters<Problems['add']>[0],
  property: string,
  value: number,
  most = 2 ** 31 - 1,
): void {
  if (isDeferred(value)) return;
  if (!Number.isInteger(value) || value < 1 || value > most) problems.add(violated, property, value);
}
