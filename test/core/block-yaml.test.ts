import { assert, dictionary, jsonValue, property, string } from 'fast-check';
import { parse } from 'yaml';
import { blockYaml } from '../../lib/core/block-yaml';
import { anyCharacter } from '../any-character';

describe('blockYaml', () => {
  test('is block YAML that people can read', () => {
    const document = {
      a: { b: [1, { c: 'text', d: 'two\nlines\n' }], e: [], f: {} },
      g: undefined,
      on: 'yes',
      h: '0755',
    };
    expect(blockYaml(document)).toBe(
      [
        'a:',
        '  b:',
        '  - 1',
        '  - c: text',
        '    d: |',
        '      two',
        '      lines',
        '  e: []',
        '  f: {}',
        '"on": "yes"',
        'h: "0755"',
        '',
      ].join('\n'),
    );
  });

  test.each(['1.1', '1.2'] as const)('is read as what it was by YAML %s', (version) => {
    // __proto__ is a key that JavaScript itself can't hold as a plain one.
    const document = dictionary(string({ unit: anyCharacter }), jsonValue({ stringUnit: anyCharacter }), {
      noNullPrototype: true,
    });
    const clean = document.filter((value) => !JSON.stringify(value).includes('__proto__'));
    assert(
      property(clean, (value) => {
        const read: unknown = parse(blockYaml(value), { version });
        expect(read ?? {}).toStrictEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 200 },
    );
  });
});
