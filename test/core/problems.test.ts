import { allRules, isDeferred, Problems, rule } from '../../lib/core/problems';
import { errorOf } from '../fixtures';

const RULE = rule({ id: 'test/rule', origin: 'meshvm', allowed: 'this', remedy: 'do that', source: 'the test' });

describe('Problems', () => {
  test('throws nothing while nothing was added', () => {
    expect(() => new Problems().throwIfAny('path')).not.toThrow();
  });

  test('collects the problems of nested properties under their full name', () => {
    const problems = new Problems();
    const port = problems.at('services[1]').at('ports');
    port.add(RULE, '[0].name', 'x');
    port.add(RULE, '', []);
    problems.add(RULE, 'name', 'y');
    expect(problems.all.map(({ property }) => property)).toStrictEqual([
      'services[1].ports[0].name',
      'services[1].ports',
      'name',
    ]);
  });

  test('takes what is allowed and the remedy from the rule, unless the case says it more exactly', () => {
    const problems = new Problems();
    problems.add(RULE, 'a', 1);
    problems.add(RULE, 'b', 2, { allowed: '3', remedy: 'write 3' });
    expect(problems.all).toStrictEqual([
      { id: 'test/rule', origin: 'meshvm', property: 'a', value: 1, allowed: 'this', remedy: 'do that' },
      { id: 'test/rule', origin: 'meshvm', property: 'b', value: 2, allowed: '3', remedy: 'write 3' },
    ]);
    expect(errorOf(() => problems.throwIfAny('shop')).problems).toStrictEqual(problems.all);
  });
});

describe('a value that is left out, or not known yet', () => {
  test.each([undefined, Promise.resolve(1), { produce: () => 1 }])('is not looked at: %p', (value) => {
    const problems = new Problems();
    const looked = jest.fn();
    problems.known(value, looked);
    problems.check(RULE, 'a', value, () => false);
    expect([looked.mock.calls, problems.all]).toStrictEqual([[], []]);
  });

  test('is looked at once it is known', () => {
    const problems = new Problems();
    problems.known(0, (value) => problems.add(RULE, 'a', value));
    problems.check(RULE, 'b', '', (value) => value !== '');
    problems.check(RULE, 'c', '', (value) => value === '');
    expect(problems.all.map(({ property, value }) => [property, value])).toStrictEqual([
      ['a', 0],
      ['b', ''],
    ]);
  });
});

describe('rule', () => {
  test('refuses an id that is taken', () => {
    expect(() => rule({ ...RULE })).toThrow('rule test/rule is declared twice');
  });

  test('is listed in the order of ids', () => {
    rule({ ...RULE, id: 'test/another' });
    const ids = allRules().map(({ id }) => id);
    expect(ids.indexOf('test/another')).toBeLessThan(ids.indexOf('test/rule'));
  });
});

describe('isDeferred', () => {
  test.each([
    ['a promise', Promise.resolve(1), true],
    ['a Pulumi Output', { __pulumiOutput: true }, true],
    ['a string', 'x', false],
    ['null', null, false],
    ['a plain object', {}, false],
  ])('%s', (_, value, expected) => {
    expect(isDeferred(value)).toBe(expected);
  });
});
