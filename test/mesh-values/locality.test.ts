import { Locality } from 'meshvm';
import { Problems } from '../../lib/core/problems';
import { checkLocality, localityName } from '../../lib/mesh/locality-name';

describe('localityName', () => {
  test.each([
    [Locality.of('eu-west-1'), 'eu-west-1'],
    [Locality.of('eu-west-1', 'eu-west-1a'), 'eu-west-1/eu-west-1a'],
    [Locality.of('eu-west-1', 'eu-west-1a', 'rack-7'), 'eu-west-1/eu-west-1a/rack-7'],
  ])("is Istio's form", (locality, value) => expect(localityName(locality)).toBe(value));
});

describe('checkLocality', () => {
  test.each([
    ['a part with a slash', Locality.of('eu/west'), ['region']],
    ['an empty part', Locality.of('eu', ''), ['zone']],
    ['a subzone without a zone', Locality.of('eu', undefined, 'rack'), ['zone']],
  ])('refuses %s', (_, locality, expected) => {
    const problems = new Problems();
    checkLocality(problems, locality);
    expect(problems.all.map(({ property }) => property)).toStrictEqual(expected);
    expect(problems.all.every(({ id }) => id === 'locality/part')).toBe(true);
  });
});
