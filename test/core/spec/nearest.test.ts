import { nearestOf } from '../../../lib/core/spec/nearest';

const names = ['probe', 'ports', 'canonicalService', 'network'];

test.each([
  ['probes', 'probe'],
  ['port', 'ports'],
  ['Network', 'network'],
  ['canonical_service', 'canonicalService'],
  ['machineType', undefined],
  ['x', undefined],
])('whoever writes %s means %s', (name, expected) => {
  expect(nearestOf(name, names)).toBe(expected);
});
