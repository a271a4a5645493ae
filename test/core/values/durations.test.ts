import fc from 'fast-check';
import { Problems } from '../../../lib/core/problems';
import { checkSeconds, checkSecondsOrZero } from '../../../lib/core/values/durations';

function idsOf(check: typeof checkSeconds, value: unknown): readonly string[] {
  const problems = new Problems();
  check(problems, 'x', value);
  return problems.all.map(({ id }) => id);
}

describe('durations', () => {
  test('are any whole number of milliseconds that Go can hold', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 40 }), (milliseconds) => {
        expect(idsOf(checkSeconds, milliseconds / 1000)).toStrictEqual([]);
      }),
    );
    expect(idsOf(checkSeconds, 9223372036)).toStrictEqual([]);
  });

  test('are nothing in between milliseconds, nothing below one, and nothing but numbers', () => {
    for (const value of [0.0015, 0.0005, 0, -1, 9223372037, Number.NaN, Number.POSITIVE_INFINITY, '1s', null]) {
      expect(idsOf(checkSeconds, value)).toStrictEqual(['duration/seconds']);
    }
  });

  test('may be 0 where that means something', () => {
    expect(idsOf(checkSecondsOrZero, 0)).toStrictEqual([]);
    expect(idsOf(checkSecondsOrZero, 2.5)).toStrictEqual([]);
    expect(idsOf(checkSecondsOrZero, 0.0005)).toStrictEqual(['duration/seconds-or-zero']);
  });

  test('may be left out', () => {
    expect([...idsOf(checkSeconds, undefined), ...idsOf(checkSecondsOrZero, undefined)]).toStrictEqual([]);
  });
});
