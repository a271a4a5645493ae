import { Problems } from '../../../lib/core/problems';
import type { Toleration } from '../../../lib/gateway/gateway-pods';
import { checkResources, checkTolerations, resolveResources } from '../../../lib/gateway/private/gateway-pods';
import { checkScaling } from '../../../lib/gateway/scaling-checks';

function verdict(check: (problems: Problems) => void): readonly string[] {
  const problems = new Problems();
  check(problems);
  return problems.all.map(({ property, id }) => `${property} [${id}]`);
}

test('resources have defaults, each its own', () => {
  expect(resolveResources()).toStrictEqual({
    cpuRequest: '100m',
    memoryRequest: '128Mi',
    cpuLimit: '2',
    memoryLimit: '1Gi',
  });
  expect(resolveResources({ cpuLimit: '4' })).toMatchObject({ cpuRequest: '100m', cpuLimit: '4' });
});

test('resources are judged by pairs', () => {
  expect(verdict((p) => checkResources(p, resolveResources()))).toStrictEqual([]);
  expect(verdict((p) => checkResources(p, resolveResources({ cpuRequest: '3', memoryLimit: '1Mi' })))).toStrictEqual([
    'cpuRequest [quantity/request-above-limit]',
    'memoryRequest [quantity/request-above-limit]',
  ]);
});

describe('scaling', () => {
  const good = { minReplicas: 2, maxReplicas: 5, targetCpuUtilizationPercent: 80, drainSeconds: 30 };

  test.each([good, { ...good, minReplicas: 5 }, { ...good, targetCpuUtilizationPercent: 150 }])(
    '%p is allowed',
    (scaling) => {
      expect(verdict((p) => checkScaling(p, scaling))).toStrictEqual([]);
    },
  );

  test.each([
    [{ minReplicas: 0 }, 'minReplicas [gateway/replicas]'],
    [{ minReplicas: 6 }, 'minReplicas [gateway/replicas]'],
    [{ maxReplicas: 2.5 }, 'maxReplicas [gateway/replicas]'],
    [{ maxReplicas: 2 ** 31 }, 'maxReplicas [gateway/replicas]'],
    [{ targetCpuUtilizationPercent: 0 }, 'targetCpuUtilizationPercent [gateway/cpu-utilization]'],
    [{ drainSeconds: 0 }, 'drainSeconds [gateway/drain-seconds]'],
    [{ drainSeconds: 3601 }, 'drainSeconds [gateway/drain-seconds]'],
  ])('%p is refused', (change, expected) => {
    expect(verdict((p) => checkScaling(p, { ...good, ...change }))).toStrictEqual([expected]);
  });
});

describe('tolerations', () => {
  test.each<Toleration>([
    {},
    { key: 'a' },
    { key: '', effect: '' },
    { key: 'example.com/a', value: 'b', effect: 'NoSchedule' },
    { effect: 'NoExecute', tolerationSeconds: 0 },
  ])('%p is allowed', (toleration) => {
    expect(verdict((p) => checkTolerations(p, [toleration]))).toStrictEqual([]);
  });

  test.each<[Toleration, readonly string[]]>([
    [{ value: 'b' }, ['tolerations[0].key [toleration/form]']],
    [{ key: '', value: 'b' }, ['tolerations[0].key [toleration/form]']],
    [{ key: 'a b' }, ['tolerations[0].key["a b"] [label/key]']],
    [{ key: 'a', value: '-' }, ['tolerations[0].value [label/value]']],
    [{ effect: 'Never' }, ['tolerations[0].effect [toleration/form]']],
    [{ tolerationSeconds: 3 }, ['tolerations[0].effect [toleration/form]']],
    [{ effect: 'NoExecute', tolerationSeconds: 1.5 }, ['tolerations[0].tolerationSeconds [toleration/form]']],
  ])('%p is refused', (toleration, expected) => {
    expect(verdict((p) => checkTolerations(p, [toleration]))).toStrictEqual(expected);
  });
});
