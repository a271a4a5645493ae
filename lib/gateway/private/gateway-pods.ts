import { type Problems, rule } from '../../core/problems';
import { checkLabels, checkLabelValue } from '../../core/values/labels';
import { checkRequestAndLimit } from '../../core/values/quantities';
import type { GatewayResources, Toleration } from '../gateway-pods';

const TOLERATION = rule({
  id: 'toleration/form',
  origin: 'kubernetes',
  allowed:
    'a value only with a key; effect NoSchedule, PreferNoSchedule or NoExecute; tolerationSeconds with NoExecute',
  remedy: 'correct the toleration',
  source: 'k8s.io/kubernetes ValidateTolerations',
});

const EFFECTS = new Set(['', 'NoSchedule', 'PreferNoSchedule', 'NoExecute']);

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

export function checkTolerations(problems: Problems, tolerations: readonly Toleration[]): void {
  tolerations.forEach((toleration, index) => {
    const at = problems.at(`tolerations[${index}]`);
    const { key, value, effect, tolerationSeconds } = toleration;
    if (key !== undefined && key !== '') checkLabels(at, 'key', { [key]: '' });
    if (value !== undefined) checkLabelValue(at, 'value', value);
    if (value !== undefined && (key === undefined || key === '')) at.add(TOLERATION, 'key', key);
    at.check(TOLERATION, 'effect', effect, (known) => EFFECTS.has(known));
    at.check(TOLERATION, 'tolerationSeconds', tolerationSeconds, Number.isInteger);
    if (tolerationSeconds !== undefined && effect !== 'NoExecute') at.add(TOLERATION, 'effect', effect);
  });
}
