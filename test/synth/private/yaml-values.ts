import * as fc from 'fast-check';
import { anyCharacter } from '../../any-character';

/** Strings that YAML 1.1 reads as something else, or that need quotes, blocks or escapes. */
export const NASTY: readonly string[] = [
  // Words, numbers, times and addresses.
  'null Null NULL nULL ~ true True tRue false yes Yes NO on off OFF y N constructor __proto__ toJSON 12h 100m 1Gi',
  '0 -0 +1 8080 0775 0o17 0x1F 0b101 1_000 1.5 .5 5. 1e5 e5 E-5 e e5e 1.2.3 .inf -.INF .nan 1:30 1:30:45 1:30.5 190:20:30',
  '2026-11-21 2026-11-21T03:04:05Z 10.0.0.1 10.0.0.0/8 1/2 1.2 1.2. 1.. fd00::1 fd00:: ::1 15012:15012 / /a/b _a $a (a)',
  // Indicators.
  "- -- --- ---a ... .... -a ? ?a : :a a: a:b a#b #a %a @a `a` !a &a *a << = | > |- a|b >- [a] {a} ,a [ ] {} [] ' \" it's '' \\ a\\nb",
]
  .flatMap((line) => line.split(' '))
  .concat(
    // Spaces, tabs and several lines.
    '· ·  ·\n·\n\n·\t· a·a ·a\t·a\n·a\n\n·\na· \na·a\n ·a\n\t·a\n \nb·a \nb·one\ntwo\n·one\n\n\ntwo\n\n·  one\ntwo·one\n  two\n·\n  one\n'.split(
      '·',
    ),
    'one\n---\ntwo\n·---\none·%a\nb·# a\nb·- a\n- b\n·a\r\nb·\r·a  b·a   #b·a b: c·2026-1-1 1:2:3 Z·--- a·- a·? a·: a·a: b·a :b·a #b· #'.split(
      '·',
    ),
    `%YAML 1.1·!!str a·a, b·{{ .Values.a }}·say "a"·'"·naïve: x·/a b: c`.split('·'),
    // Other alphabets and control characters.
    'ä·日本語·🚀·a🚀\nb·\ud800·x\udc00·\u0000·\u0007·\u001b[0m·\u007f·\u0085·\u00a0·\u2028·\ufeff·a\u2028b'.split('·'),
    // Long ones.
    'x'.repeat(200),
    'x'.repeat(1100),
    `${'word '.repeat(60)}end`,
    `${'word '.repeat(300)}\n${'word '.repeat(30)}`,
  );

/** Any string, mostly one that is hard to print. */
export const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NASTY) },
  {
    weight: 2,
    arbitrary: fc.array(fc.constantFrom(...NASTY), { minLength: 2, maxLength: 3 }).map((parts) => parts.join('')),
  },
  {
    weight: 3,
    arbitrary: fc.string({ unit: fc.constantFrom(...'aeE0159_.:/#- \n\t"\'%,{}[]&*!|>@`?~=+xX'), maxLength: 12 }),
  },
  fc.string({ unit: anyCharacter, maxLength: 8 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/),
  fc.ipV4(),
  fc.ipV6(),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.double().map(String),
);
/** Any scalar of JSON, and those numbers and gaps that JSON has not. */
export const leaf = fc.oneof(
  { weight: 4, arbitrary: text },
  fc.integer(),
  fc.double(),
  fc.maxSafeInteger(),
  fc.constantFrom(0, -0, 1e21, 1e-7, Number.MAX_SAFE_INTEGER, 2 ** 53, NaN, Infinity, -Infinity),
  fc.boolean(),
  fc.constantFrom(null, undefined),
);
/** Any tree of lists, maps and scalars; some maps without a prototype, if wanted. */
export function documents(withoutPrototype: boolean): fc.Arbitrary<unknown> {
  const maps = { maxKeys: 4, noNullPrototype: !withoutPrototype };
  return fc.letrec((tie) => ({
    document: fc.oneof({ maxDepth: 5, depthSize: 'medium' }, leaf, tie('list'), tie('map')),
    list: fc.array(tie('document'), { maxLength: 4 }),
    map: fc.dictionary(text, tie('document'), maps),
  })).document;
}
