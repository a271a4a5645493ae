import { Problems } from '../../../lib/core/problems';
import {
  checkCount,
  checkCountAboveZero,
  checkLimit,
  checkPercent,
  checkPercentAboveZero,
} from '../../../lib/core/values/counts';

type Check = typeof checkLimit;

function idsOf(check: Check, value: unknown): readonly string[] {
  const problems = new Problems();
  check(problems, 'x', value);
  return problems.all.map(({ id }) => id);
}

const WHOLE = ['traffic/count'];
const ZERO = ['traffic/zero-is-no-limit'];
const PERCENT = ['traffic/percent'];

describe('counts', () => {
  test.each<[string, Check, readonly (readonly [unknown, readonly string[]])[]]>([
    [
      'limit',
      checkLimit,
      [
        [1, []],
        [2 ** 31 - 1, []],
        [2 ** 31, WHOLE],
        [0, ZERO],
        [-1, WHOLE],
        [1.5, WHOLE],
        ['1', WHOLE],
      ],
    ],
    [
      'count',
      checkCount,
      [
        [0, []],
        [2 ** 32 - 1, []],
        [2 ** 32, WHOLE],
        [-1, WHOLE],
      ],
    ],
    [
      'count above zero',
      checkCountAboveZero,
      [
        [1, []],
        [0, ZERO],
        [2 ** 32, WHOLE],
      ],
    ],
    [
      'percent',
      checkPercent,
      [
        [0, []],
        [100, []],
        [101, PERCENT],
        [-1, PERCENT],
        [0.5, PERCENT],
      ],
    ],
    [
      'percent above zero',
      checkPercentAboveZero,
      [
        [100, []],
        [0, ZERO],
        [101, PERCENT],
      ],
    ],
  ])('a %s is what Istio takes for one', (_what, check, cases) => {
    for (const [value, expected] of cases) expect([value, idsOf(check, value)]).toStrictEqual([value, expected]);
    expect(idsOf(check, undefined)).toStrictEqual([]);
  });
});
