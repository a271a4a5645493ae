import { Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import { printYaml } from '../../lib/private/yaml-printer';

/** Strings that YAML 1.1 reads as something else, or that need quotes, blocks or escapes. */
const NASTY = [
  ...[
    '',
    ' ',
    '  ',
    '\n',
    '\n\n',
    '\t',
    ' a',
    'a ',
    'a\t',
    'a\n',
    'a\n\n',
    '\na',
    ' \na',
    'a\n ',
    'a\n\t',
    'a\n \nb',
    'a \nb',
  ],
  ...[
    'null',
    'Null',
    'NULL',
    'nULL',
    '~',
    'true',
    'True',
    'tRue',
    'false',
    'yes',
    'Yes',
    'NO',
    'on',
    'off',
    'OFF',
    'y',
    'N',
  ],
  ...[
    '0',
    '-0',
    '+1',
    '8080',
    '0775',
    '0o17',
    '0x1F',
    '0b101',
    '1_000',
    '1.5',
    '.5',
    '5.',
    '1e5',
    'e5',
    'E-5',
    'e',
    'e5e',
    '1.2.3',
  ],
  ...[
    '.inf',
    '-.INF',
    '.nan',
    '1:30',
    '1:30:45',
    '1:30.5',
    '190:20:30',
    '2026-11-21',
    '2026-11-21T03:04:05Z',
    '2026-1-1 1:2:3 Z',
  ],
  ...[
    '10.0.0.1',
    '10.0.0.0/8',
    '1/2',
    '1.2',
    '1.2.',
    '1..',
    'fd00::1',
    'fd00::',
    '::1',
    '12h',
    '100m',
    '1Gi',
    '15012:15012',
  ],
  ...[
    '-',
    '--',
    '---',
    '--- a',
    '---a',
    '...',
    '....',
    '- a',
    '-a',
    '?',
    '? a',
    '?a',
    ':',
    ': a',
    ':a',
    'a:',
    'a: b',
    'a:b',
    'a :b',
  ],
  ...[
    'a #b',
    'a#b',
    '#a',
    ' #',
    '%a',
    '%YAML 1.1',
    '@a',
    '`a`',
    '!a',
    '!!str a',
    '&a',
    '*a',
    '<<',
    '=',
    '|',
    '>',
    '|-',
    'a|b',
    '>-',
  ],
  ...[
    '[a]',
    '{a}',
    '{{ .Values.a }}',
    'a, b',
    ',a',
    '[',
    ']',
    '{}',
    '[]',
    "'",
    '"',
    "it's",
    'say "a"',
    `'"`,
    "''",
    '\\',
    'a\\nb',
  ],
  ...[
    'ä',
    'naïve: x',
    '日本語',
    '🚀',
    'a🚀\nb',
    '\ud800',
    'x\udc00',
    '\u0000',
    '\u0007',
    '\u001b[0m',
    '\u007f',
    '\u0085',
    '\u00a0',
    '\u2028',
  ],
  ...[
    '\ufeff',
    'a\r\nb',
    '\r',
    'a\u2028b',
    '/',
    '/a/b',
    '/a b: c',
    '_a',
    '$a',
    '(a)',
    'a  b',
    'a   #b',
    'constructor',
    '__proto__',
    'toJSON',
  ],
  ...[
    'one\ntwo',
    'one\ntwo\n',
    'one\n\n\ntwo\n\n',
    '  one\ntwo',
    'one\n  two\n',
    '\n  one\n',
    'one\n---\ntwo\n',
    '---\none',
    '%a\nb',
    '# a\nb',
  ],
  ...[
    'x'.repeat(200),
    `${'word '.repeat(60)}end`,
    'x'.repeat(1100),
    `${'word '.repeat(300)}\n${'word '.repeat(30)}`,
    '- a\n- b\n',
  ],
];

const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NASTY) },
  {
    weight: 2,
    arbitrary: fc.array(fc.constantFrom(...NASTY), { minLength: 2, maxLength: 3 }).map((parts) => parts.join('')),
  },
  {
    weight: 3,
    arbitrary: fc.string({ unit: fc.constantFrom(...'aeE0159_.:/#- \n\t"\'%,{}[]&*!|>@`?~=+xX'), maxLength: 12 }),
  },
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/),
  fc.ipV4(),
  fc.ipV6(),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.double().map(String),
);
const leaf = fc.oneof(
  { weight: 4, arbitrary: text },
  fc.integer(),
  fc.double(),
  fc.maxSafeInteger(),
  fc.constantFrom(0, -0, 1e21, 1e-7, Number.MAX_SAFE_INTEGER, 2 ** 53, NaN, Infinity, -Infinity),
  fc.boolean(),
  fc.constantFrom(null, undefined),
);
const { document } = fc.letrec((tie) => ({
  document: fc.oneof({ maxDepth: 5, depthSize: 'medium' }, tie('leaf'), tie('list'), tie('map')),
  leaf,
  list: fc.array(tie('document'), { maxLength: 4 }),
  map: fc.dictionary(text, tie('document'), { maxKeys: 4 }),
}));

describe('printYaml', () => {
  test('prints every nasty string as cdk8s does: alone, as a value, in lists, as a key, deep down', () => {
    for (const value of NASTY) {
      for (const sample of [
        value,
        [value],
        { key: value },
        { [value]: 'x' },
        { [value]: { [value]: value } },
        { [value]: [value, value] },
        { a: [{ b: [[value, { c: value }], value], d: value }], e: value },
        [[[[value]]], value],
      ]) {
        expect(printYaml(sample)).toBe(Yaml.stringify(sample));
      }
    }
  });

  test('prints any JSON-like value as cdk8s does', () => {
    fc.assert(
      fc.property(document, (value) => {
        expect(printYaml(value)).toBe(Yaml.stringify(value));
      }),
      { numRuns: 3000 },
    );
  });

  test('prints every string of up to three characters that matter to YAML as cdk8s does', () => {
    const alphabet = [
      'a',
      'E',
      'n',
      '0',
      '7',
      '.',
      ':',
      '-',
      '+',
      '_',
      ' ',
      '#',
      '/',
      '~',
      '"',
      "'",
      '\n',
      '%',
      '[',
      ',',
    ];
    const strings = alphabet.flatMap((a) => [
      a,
      ...alphabet.flatMap((b) => [a + b, ...alphabet.map((c) => a + b + c)]),
    ]);
    const value = Object.fromEntries(strings.map((string) => [string, { list: [string] }]));
    expect(printYaml(value).split('\n')).toStrictEqual(Yaml.stringify(value).split('\n'));
  });

  test('leaves values that are no JSON to cdk8s', () => {
    const shared = { app: 'payments' };
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    for (const value of [
      { labels: shared, selector: shared },
      cyclic,
      { date: new Date(0), big: 2n ** 70n, bytes: Buffer.from('a') },
      { map: new Map([['a', 1]]), set: new Set([1]) },
      { custom: { toJSON: () => 'from toJSON' } },
      {
        iterable: {
          *[Symbol.iterator]() {
            yield 1;
          },
        },
      },
      { node: { [Symbol.for('yaml.node.type')]: Symbol.for('yaml.scalar'), value: 1 } },
      { boxed: Object('text'), function: () => 1 },
      Object.assign(Object.create(null), { app: 'payments' }),
      JSON.parse('{"__proto__": {"a": 1}, "constructor": "a"}'),
      // biome-ignore lint/suspicious/noSparseArray: a hole is what is tested.
      [1, , 3],
    ]) {
      expect(printed(printYaml, value)).toBe(printed(Yaml.stringify, value));
    }
  });

  test('gives the same text the second time, when it remembers keys and values', () => {
    const value = { '8080': '8080', true: 'yes', list: ['8080'] };
    expect(printYaml(value)).toBe(printYaml(value));
    expect(printYaml(value)).toBe(Yaml.stringify(value));
  });

  test('asks cdk8s for nothing when a manifest is plain', () => {
    const manifest = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'WorkloadGroup',
      metadata: {
        name: 'payments',
        annotations: { 'proxy.istio.io/config': 'concurrency: 2\nholdApplication: true\n' },
      },
      spec: {
        template: { ports: { http: 8080 }, network: 'vpc', address: '10.0.0.1' },
        probe: { exec: { command: ['/bin/true', 'a b'] } },
      },
    };
    printYaml(manifest);
    const stringify = jest.spyOn(Yaml, 'stringify');
    const text = printYaml(manifest);
    expect(stringify).not.toHaveBeenCalled();
    stringify.mockRestore();
    expect(text).toBe(Yaml.stringify(manifest));
  });

  test('steps back when the installed cdk8s prints with other settings', () => {
    jest.isolateModules(() => {
      const cdk8s = require('cdk8s') as typeof import('cdk8s');
      jest
        .spyOn(cdk8s.Yaml, 'stringify')
        .mockImplementation((...documents) => `# other settings\n${JSON.stringify(documents)}`);
      const isolated = require('../../lib/private/yaml-printer') as typeof import('../../lib/private/yaml-printer');
      expect(isolated.printYaml({ a: 1 })).toBe('# other settings\n[{"a":1}]');
    });
  });
});

function printed(print: (value: unknown) => string, value: unknown): string {
  try {
    return print(value);
  } catch (error) {
    return `thrown: ${error}`;
  }
}
