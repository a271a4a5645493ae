import { Locality } from 'meshvm';
import { problemsOf } from '../fixtures';

describe('Locality', () => {
  test.each([
    [Locality.of('eu-west-1'), 'eu-west-1'],
    [Locality.of('eu-west-1', 'eu-west-1a'), 'eu-west-1/eu-west-1a'],
    [Locality.of('eu-west-1', 'eu-west-1a', 'rack-7'), 'eu-west-1/eu-west-1a/rack-7'],
  ])("is written in Istio's form", (locality, value) => expect(locality.value).toBe(value));

  test.each([
    ['a part with a slash', () => Locality.of('eu/west'), ['region [locality/part]']],
    ['an empty part', () => Locality.of('eu', ''), ['zone [locality/part]']],
    ['a subzone without a zone', () => Locality.of('eu', undefined, 'rack'), ['zone [locality/part]']],
  ])('refuses %s', (_, make, expected) => expect(problemsOf(make)).toStrictEqual(expected));
});
