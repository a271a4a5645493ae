import { ValidationError } from 'meshvm';

const problem = {
  id: 'port/number',
  origin: 'kubernetes' as const,
  property: 'ports[0].port',
  value: 0,
  allowed: 'a whole number from 1 to 65535',
  remedy: 'give the port that the application listens on',
};

describe('ValidationError', () => {
  test('tells path, property, value, rule, what is allowed and what to do', () => {
    expect(new ValidationError('payments/shop', [problem]).message).toBe(
      [
        'payments/shop: 1 problem',
        '  ports[0].port: 0 is not allowed [port/number]',
        '    allowed: a whole number from 1 to 65535',
        '    fix: give the port that the application listens on',
        '  what stands in [ ] is a rule: see docs/rules.md of the package meshvm',
      ].join('\n'),
    );
  });

  test('counts several problems and keeps them for programs', () => {
    const error = new ValidationError('shop', [problem, { ...problem, property: 'ports[1].port' }]);
    expect(error.message).toMatch(/^shop: 2 problems\n/);
    expect(error.problems.map(({ property }) => property)).toStrictEqual(['ports[0].port', 'ports[1].port']);
    expect(error.path).toBe('shop');
    expect(error.name).toBe('ValidationError');
  });

  test.each([
    ['text is quoted', 'a b', '"a b"'],
    ['NaN is not shown as null', Number.NaN, 'NaN'],
    ['undefined is named', undefined, 'undefined'],
    ['long values are cut', 'x'.repeat(500), `"${'x'.repeat(116)}...`],
  ])('%s', (_, value, shown) => {
    expect(new ValidationError('shop', [{ ...problem, value }]).message).toContain(`ports[0].port: ${shown} is not`);
  });
});
