import { Placeholders } from '../../lib/core/placeholders';

describe('Placeholders', () => {
  test('are strings that no two Inputs share, in the form of a DNS label', () => {
    const [one, two] = Placeholders.during((placeholders) => [placeholders.next(), placeholders.next()]);
    const [three] = Placeholders.during((placeholders) => [placeholders.next()]);
    expect(new Set([one, two, three]).size).toBe(3);
    for (const name of [one, two, three]) expect(name).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
  });

  test('are found wherever they stand, while they are in use', () => {
    Placeholders.during((placeholders) => {
      const name = placeholders.next();
      const holding = [name, `a ${name} b`, [1, [name]], { a: { b: name } }, { [name]: 1 }];
      expect(holding.map((value) => Placeholders.in(value))).toStrictEqual(holding.map(() => true));
      const free = ['deferred', '', 1, null, undefined, true, [], {}, { a: ['b'] }];
      expect(free.map((value) => Placeholders.in(value))).toStrictEqual(free.map(() => false));
    });
  });

  test('are plain text to whoever writes one outside', () => {
    const name = Placeholders.during((placeholders) => placeholders.next());
    expect(Placeholders.in(name)).toBe(false);
  });

  test('stay in use until the outermost run has ended, even by an error', () => {
    Placeholders.during((placeholders) => {
      const fail = () => {
        throw new Error('failed');
      };
      expect(() => Placeholders.during(fail)).toThrow('failed');
      expect(Placeholders.in(placeholders.next())).toBe(true);
    });
    expect(Placeholders.in('deferred-1-of-meshvm')).toBe(false);
  });

  test('are told apart in a text, each once, and can be renamed', () => {
    const text = 'deferred-1-of-meshvm deferred-12-of-meshvm,deferred-1-of-meshvm';
    expect(Placeholders.namesIn(text)).toStrictEqual(['deferred-1-of-meshvm', 'deferred-12-of-meshvm']);
    expect(Placeholders.namesIn(7)).toStrictEqual([]);
    const names = new Map([['deferred-1-of-meshvm', 'one']]);
    expect(Placeholders.rename(text, names)).toBe('one deferred-12-of-meshvm,one');
  });
});
