import { Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import { printYaml } from '../../../lib/synth/private/yaml-printer';
import { documents, NASTY } from './yaml-values';

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
      fc.property(documents(true), (value) => {
        expect(printYaml(value)).toBe(Yaml.stringify(value));
      }),
      { numRuns: 1500 },
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
      const isolated =
        require('../../../lib/synth/private/yaml-printer') as typeof import('../../../lib/synth/private/yaml-printer');
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
