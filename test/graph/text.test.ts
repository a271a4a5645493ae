import fc from 'fast-check';
import { textWidth, visible, wrap } from '../../lib/graph/text';
import { anyCharacter } from '../any-character';

test.each([
  ['plain ü漢 🎉', 'plain ü漢 🎉'],
  ['a\u0000\nb', 'a\\u{0}\\u{a}b'],
  ['\u202e\u200b\ufeff', '\\u{202e}\\u{200b}\\u{feff}'],
  ['\ud800', '\\u{d800}'],
])('%j is shown as %j', (text, expected) => {
  expect(visible(text)).toBe(expected);
});

test.each<readonly [string, number, readonly string[]]>([
  ['', 5, ['']],
  ['short', 5, ['short']],
  ['one two three', 8, ['one two', 'three']],
  ['payments.acme.example', 10, ['payments.', 'acme.', 'example']],
  ['abcdefgh', 3, ['abc', 'def', 'gh']],
  ['🎉🎉🎉', 2, ['🎉🎉', '🎉']],
])('%j in lines of %d', (text, length, lines) => {
  expect(wrap(text, length)).toStrictEqual(lines);
});

test('lines are short enough, and nothing is lost but space', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), fc.integer({ min: 1, max: 12 }), (text, length) => {
      const lines = wrap(text, length);
      for (const line of lines) expect([...line].length).toBeLessThanOrEqual(length);
      expect(lines.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
    }),
  );
});

test('wide letters need more room', () => {
  expect([textWidth('', 10), textWidth('il', 10), textWidth('ab', 10), textWidth('漢', 10)]).toStrictEqual([
    0, 8, 13, 11,
  ]);
});
