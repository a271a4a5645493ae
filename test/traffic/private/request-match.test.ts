import fc from 'fast-check';
import { RequestMatch } from 'meshvm';
import { Problems } from '../../../lib/core/problems';
import { checkRequestMatch, headerOf } from '../../../lib/traffic/private/request-match';

function problemsOf(match: RequestMatch): readonly string[] {
  const problems = new Problems();
  checkRequestMatch(problems, match);
  return problems.all.map(({ property, id }) => `${property} [${id}]`);
}

/** Envoy matches a pattern against the whole header. */
function matches(match: RequestMatch, header: string): boolean {
  return new RegExp(`^(?:${headerOf(match).regex})$`).test(header);
}

describe('RequestMatch.cookie', () => {
  test.each<[string, boolean]>([
    ['group=beta', true],
    ['a=1; group=beta', true],
    ['group=beta; a=1', true],
    ['a=1;group=beta;b=2', true],
    ['group=beta2', false],
    ['subgroup=beta', false],
    ['a=1; subgroup=beta', false],
    ['group=alpha; x=beta', false],
    ['', false],
  ])('in the header "%s": %s', (header, expected) => {
    expect(matches(RequestMatch.cookie('group', 'beta'), header)).toBe(expected);
  });

  test('matches its name and value and no others, whatever characters they have', () => {
    const text = fc.stringMatching(/^[!#-+.-9:<-[\]-~]{1,20}$/).filter((candidate) => !/[=,;"\\]/.test(candidate));
    fc.assert(
      fc.property(text, text, (value, other) => {
        const match = RequestMatch.cookie('a.b', value);
        expect(problemsOf(match)).toStrictEqual([]);
        expect(matches(match, `x=y; a.b=${value}; z=1`)).toBe(true);
        expect(matches(match, `a.b=${other}`)).toBe(other === value);
        expect(matches(match, `aXb=${value}`)).toBe(false);
      }),
    );
  });
});

describe('checkRequestMatch', () => {
  test.each<[string, RequestMatch, readonly string[]]>([
    ['a header without a name', RequestMatch.headerPresent(''), ['headerPresent [request-match/header-name]']],
    ['a claim', RequestMatch.header('@request.auth.claims.sub', 'a'), ['header.name [request-match/header-name]']],
    ['no value', RequestMatch.header('x', ''), ['header.value [request-match/value]']],
    ['white space', RequestMatch.header('x', ' a'), ['header.value [request-match/value]']],
    ['a line break', RequestMatch.header('x', 'a\nb'), ['header.value [request-match/value]']],
    ['no start', RequestMatch.headerPrefix('x', ''), ['headerPrefix.prefix [request-match/prefix-empty]']],
    ['a cookie without a name', RequestMatch.cookie('', 'a'), ['cookie.name [request-match/cookie]']],
    ['a cookie of two', RequestMatch.cookie('a', 'b; c=d'), ['cookie.value [request-match/cookie]']],
    ['a cookie too long', RequestMatch.cookie('a', '.'.repeat(600)), ['cookie [request-match/cookie-too-long]']],
  ])('refuses %s', (_what, match, expected) => {
    expect(problemsOf(match)).toStrictEqual(expected);
  });

  test.each<[string, RequestMatch]>([
    ['a path', RequestMatch.headerPrefix(':path', '/v2/')],
    ['a start that ends before white space', RequestMatch.headerPrefix('user-agent', 'curl ')],
    ['any value', RequestMatch.headerPresent('X-Canary')],
  ])('takes %s', (_what, match) => {
    expect(problemsOf(match)).toStrictEqual([]);
  });
});
