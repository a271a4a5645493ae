import { checkInteger, checkPositive, plainNumber } from '../../../../lib/pulumi/aws/private/numbers';
import { later } from '../../fixtures';
import { notedBy } from '../fleet';

describe('checkInteger', () => {
  test.each([undefined, 1, 5, later(9)])('lets %p pass', (value) => {
    expect(notedBy((problems) => checkInteger(problems, 'n', value, 1, 5))).toStrictEqual([]);
  });

  test.each([
    [0, '0'],
    [6, '6'],
    [1.5, '1.5'],
    ['3', '"3"'],
    [null, 'null'],
  ])('refuses %p', (value, shown) => {
    expect(notedBy((problems) => checkInteger(problems, 'n', value, 1, 5))).toStrictEqual([
      `n: ${shown} is not allowed; allowed: a whole number from 1 to 5`,
    ]);
  });

  test('needs no upper end', () => {
    expect(notedBy((problems) => checkInteger(problems, 'n', -1, 0))).toStrictEqual([
      'n: -1 is not allowed; allowed: a whole number from 0',
    ]);
  });
});

describe('checkPositive', () => {
  test.each([undefined, 0.5, 100, later(-1)])('lets %p pass', (value) => {
    expect(notedBy((problems) => checkPositive(problems, 'n', value, 100))).toStrictEqual([]);
  });

  test.each([0, -1, 101, Number.NaN, '7'])('refuses %p', (value) => {
    expect(notedBy((problems) => checkPositive(problems, 'n', value, 100))).toHaveLength(1);
  });

  test('needs no upper end, but an end', () => {
    expect(notedBy((problems) => checkPositive(problems, 'n', 1e9))).toStrictEqual([]);
    expect(notedBy((problems) => checkPositive(problems, 'n', Number.POSITIVE_INFINITY))).toStrictEqual([
      'n: null is not allowed; allowed: a number above 0',
    ]);
  });
});

describe('plainNumber', () => {
  test.each([
    [3, 3],
    [Number.NaN, undefined],
    ['3', undefined],
    [later(3), undefined],
  ])('of %p is %p', (value, number) => {
    expect(plainNumber(value)).toBe(number);
  });
});
