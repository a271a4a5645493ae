import { byKind } from '../../lib/core/object-ids';

const object = (kind: string, name: string) => ({ apiVersion: 'v1', kind, metadata: { name } });

describe('byKind', () => {
  test('names each object after its kind, and further ones of a kind after their name too', () => {
    const [one, two, three, other] = [object('A', 'x'), object('A', 'y'), object('A', 'z'), object('B', 'x')];
    const ids = byKind([one, two, other, three]);
    expect(ids).toStrictEqual({ A: one, 'A-y': two, B: other, 'A-z': three });
  });

  test('takes the name of a kind for nothing else', () => {
    const odd = object('constructor', 'x');
    expect(byKind([odd])).toStrictEqual({ constructor: odd });
  });
});
