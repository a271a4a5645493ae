import fc from 'fast-check';
import { Problems } from '../../../lib/core/problems';
import { checkPathPattern } from '../../../lib/core/values/request-paths';

function ruleOf(path: string): string | undefined {
  const problems = new Problems();
  checkPathPattern(problems, 'path', path);
  return problems.all.map(({ id }) => id).join();
}

describe('checkPathPattern', () => {
  test.each([
    '/',
    '*',
    '/a*',
    '/api/*',
    '*.json',
    '*/a',
    '//a',
    '/..a/...',
    '/ä',
    '/{*}',
    '/{**}',
    '/a/{*}/b/',
    '/{*}/{*}/{**}',
    '/{**}/a',
  ])('takes %j', (path) => {
    expect(ruleOf(path)).toBe('');
  });

  test.each(['', 'a', '**', '/**', '*a*', '/a*b', '/a?b', '/a#b', '/a b', '/a\\b', '/./a', '/a/..'])(
    'refuses %j, which matches nothing',
    (path) => {
      expect(ruleOf(path)).toBe('authorization/path');
    },
  );

  test.each(['/{a}', '/a{*}', '/{*', '/}', '/{**}/{*}', '/{**}/{**}', '/a//{*}', '/ä/{*}', '/*/{*}', '*/{*}'])(
    'refuses %j, which is no template',
    (path) => {
      expect(ruleOf(path)).toBe('authorization/path-template');
    },
  );

  test('refuses a template that does not start at the root', () => {
    expect(ruleOf('{*}/a')).toBe('authorization/path');
  });

  test('takes exactly the paths that are normal already, as the web has it', () => {
    const paths = fc.string({ unit: fc.constantFrom('/', 'a', '.', '..', '%20', '?', '#', '\\', ' '), maxLength: 8 });
    fc.assert(
      fc.property(paths, (end) => {
        const path = `/${end}`;
        expect(ruleOf(path) === '').toBe(new URL(`http://host${path}`).pathname === path && !path.endsWith(' '));
      }),
    );
  });
});
