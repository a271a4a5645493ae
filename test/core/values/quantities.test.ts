import * as fc from 'fast-check';
import { Problems } from '../../../lib/core/problems';
import { checkRequestAndLimit, quantityValue } from '../../../lib/core/values/quantities';

function verdict(request: unknown, limit: unknown): readonly string[] {
  const problems = new Problems();
  checkRequestAndLimit(problems, { request: 'cpuRequest', limit: 'cpuLimit' }, { request, limit });
  return problems.all.map(({ property, id }) => `${property} [${id}]`);
}

describe('quantityValue', () => {
  test.each([
    ['100m', 0.1],
    ['2', 2],
    ['.5', 0.5],
    ['1.5Gi', 1.5 * 2 ** 30],
    ['1k', 1000],
    ['12e3', 12_000],
    ['5E-1', 0.5],
    ['1E', 1e18],
    ['+3', 3],
  ])('%p is %p', (text, value) => {
    expect(quantityValue(text)).toBeCloseTo(value, 9);
  });

  test.each(['', '1Kb', '1 Gi', 'Gi', '1.2.3', '1K', '0x10', '1e', 'one'])('%p is none', (text) => {
    expect(quantityValue(text)).toBeNaN();
  });

  test('a unit is a factor', () => {
    fc.assert(
      fc.property(fc.nat(1e6), (n) => {
        expect(quantityValue(`${n}Ki`)).toBe(n * 1024);
        expect(quantityValue(`${n * 1000}m`)).toBeCloseTo(n, 3);
      }),
    );
  });
});

describe('checkRequestAndLimit', () => {
  test('a request up to the limit is allowed', () => {
    expect(verdict('2000m', '2')).toStrictEqual([]);
    expect(verdict('1Gi', '2G')).toStrictEqual([]);
  });

  test('a request above the limit is refused', () => {
    expect(verdict('2001m', '2')).toStrictEqual(['cpuRequest [quantity/request-above-limit]']);
  });

  test('what is no quantity, and nothing at all, is refused', () => {
    expect(verdict('lots', '0')).toStrictEqual(['cpuRequest [quantity/form]', 'cpuLimit [quantity/zero]']);
    expect(verdict(2, '-1')).toStrictEqual(['cpuRequest [quantity/form]', 'cpuLimit [quantity/form]']);
  });

  test('what is known later is left alone', () => {
    expect(verdict({ __pulumiOutput: true }, '2')).toStrictEqual([]);
  });
});
