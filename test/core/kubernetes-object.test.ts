import { compact, nonEmpty } from '../../lib/core/kubernetes-object';

describe('compact', () => {
  test('drops undefined and nothing else', () => {
    const value = { a: undefined, b: null, c: 0, d: '', e: false, f: [], g: {} };
    expect(compact(value)).toStrictEqual({ b: null, c: 0, d: '', e: false, f: [], g: {} });
  });
});

describe('nonEmpty', () => {
  test('an empty map is undefined, any other itself', () => {
    expect(nonEmpty({})).toBeUndefined();
    const map = { a: 'b' };
    expect(nonEmpty(map)).toBe(map);
  });
});
