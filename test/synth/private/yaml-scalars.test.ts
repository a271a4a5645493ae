import { Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import { printKey, printScalar } from '../../../lib/synth/private/yaml-scalars';
import { leaf, text } from './yaml-values';

/** A value as cdk8s prints it in a map in a map. */
function byCdk8s(value: unknown): string {
  return Yaml.stringify({ a: { b: value } }).slice('a:\n  b: '.length, -1);
}

describe('printScalar', () => {
  test('prints what stands in a map of a map', () => {
    fc.assert(
      fc.property(leaf, (value) => {
        expect(printScalar(value, '    ')).toBe(byCdk8s(value));
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    'payments',
    'proxy.istio.io/config',
    'cluster.local/ns/shop/sa/checkout',
    'a sentence, with "quotes" and [brackets]: none',
    '/healthz',
    '10.20.0.0/16',
    '1.31.1',
    'one\n  two\n',
    '# all of it\nis text',
  ])('does not need cdk8s for %j', (value) => {
    const stringify = jest.spyOn(Yaml, 'stringify');
    const printed = printScalar(value, '    ');
    const calls = stringify.mock.calls.length;
    stringify.mockRestore();
    expect(printed).toBe(byCdk8s(value));
    expect(calls).toBe(value.includes(': ') ? 1 : 0);
  });

  test('asks cdk8s once for a value that repeats', () => {
    const stringify = jest.spyOn(Yaml, 'stringify');
    for (let time = 0; time < 3; time++) expect(printScalar('0123', '')).toBe('"0123"');
    expect(stringify).toHaveBeenCalledTimes(1);
    stringify.mockRestore();
  });

  test('keeps remembering right when it has seen more values than it remembers', () => {
    const values = Array.from({ length: 2500 }, (_, index) => `0${index}`);
    for (const value of [...values, ...values]) expect(printScalar(value, '')).toBe(byCdk8s(value));
  });

  test.each([Symbol('a'), () => 1, 1n])('has no text for %p', (value) => {
    expect(printScalar(value, '')).toBeUndefined();
  });
});

describe('printKey', () => {
  test('prints any key as cdk8s does, or leaves it', () => {
    fc.assert(
      fc.property(text, (key) => {
        const printed = printKey(key);
        if (printed !== undefined) expect(Yaml.stringify({ a: { [key]: 0 } })).toBe(`a:\n  ${printed}: 0\n`);
      }),
      { numRuns: 2000 },
    );
  });

  test('leaves keys that are printed in another way at another depth, or on a line of their own', () => {
    expect(['---a', '%a', '...', 'x'.repeat(1025), `"${'x'.repeat(1023)}`].map(printKey)).toStrictEqual(
      Array.from({ length: 5 }, () => undefined),
    );
    expect(['app', '8080', 'true', 'x'.repeat(1024)].map(printKey)).toStrictEqual([
      'app',
      '"8080"',
      '"true"',
      'x'.repeat(1024),
    ]);
  });
});
