import { didYouMean, nearestOf } from '../../lib/core/nearest';

const properties = ['probe', 'ports', 'canonicalService', 'network'];
const commands = ['graph', 'envoy', 'laptop', 'survey'];

test.each([
  ['probes', 'probe'],
  ['port', 'ports'],
  ['Network', 'network'],
  ['canonical_service', 'canonicalService'],
  ['machineType', undefined],
  ['x', undefined],
])('whoever writes the property %s means %s', (name, expected) => {
  expect(nearestOf(name, properties)).toBe(expected);
});

test.each([
  ['grpah', 'graph'],
  ['graf', 'graph'],
  ['Envoy', 'envoy'],
  ['envoys', 'envoy'],
  ['lap-top', 'laptop'],
  ['srvy', 'survey'],
])('who writes the command %s may have meant %s', (written, name) => {
  expect(nearestOf(written, commands)).toBe(name);
});

test.each(['', 'synth', 'gr', 'deploy', '__proto__'])('who writes "%s" meant none of them', (written) => {
  expect(nearestOf(written, commands)).toBeUndefined();
});

test('of two that are near, the nearer is meant', () => {
  expect(nearestOf('noda', ['code', 'node'])).toBe('node');
});

test('two letters that are swapped are one mistake, and a short name is not half wrong', () => {
  expect(nearestOf('mehs', ['mesh'])).toBe('mesh');
  expect(nearestOf('math', ['mesh'])).toBeUndefined();
});

test('asks, where one is near', () => {
  expect(didYouMean('probes', properties)).toBe('did you mean probe?');
  expect(didYouMean('machineType', properties)).toBeUndefined();
});
