import { AGREEMENTS } from '../lib/agreement';
import { allRules } from '../lib/core/problems';
import { allWarnings } from '../lib/core/warnings';
import { agreementDocument } from '../projenrc/agreement-doc';
// Loading the public API declares every rule that it can report.
import 'meshvm';

describe('the table of agreement', () => {
  test('names rules that there are', () => {
    const known = new Set(allRules().map(({ id }) => id));
    expect(AGREEMENTS.flatMap(({ rules }) => rules).filter((id) => !known.has(id))).toStrictEqual([]);
  });

  test('names warnings that there are', () => {
    const known = new Set(allWarnings().map(({ id }) => id));
    expect(AGREEMENTS.flatMap(({ warnings = [] }) => warnings).filter((id) => !known.has(id))).toStrictEqual([]);
  });

  test('says everything of each row, and each fact once', () => {
    const silent = AGREEMENTS.filter((row) => [row.fact, row.holds, row.otherwise].some((text) => text.trim() === ''));
    expect(silent).toStrictEqual([]);
    expect(AGREEMENTS.filter(({ between, rules }) => between.length === 0 || rules.length === 0)).toStrictEqual([]);
    expect(new Set(AGREEMENTS.map(({ fact }) => fact)).size).toBe(AGREEMENTS.length);
    expect(new Set(AGREEMENTS.map(({ told, rules }) => [told, ...rules].join())).size).toBe(AGREEMENTS.length);
  });

  test('becomes a page of the documentation', () => {
    const document = agreementDocument([
      {
        fact: 'A <thing>',
        between: ['One', 'Other.property'],
        holds: 'both say the same',
        otherwise: 'the older wins',
        told: 'second',
        rules: ['thing/twice', 'thing/same'],
        warnings: ['thing/odd'],
      },
    ]);
    expect(document.slice(document.indexOf('## '))).toBe(`## A \\<thing>

- Between: \`One\`, \`Other.property\`
- Must hold: both say the same
- Without meshvm: the older wins
- Told: the second of them, whichever that is
- Rules: [thing/twice](rules.md#thingtwice), [thing/same](rules.md#thingsame)
- Warnings: [thing/odd](rules.md#thingodd)
`);
  });
});
