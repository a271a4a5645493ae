import { nearest } from '../../lib/cli/nearest';

const NAMES = ['graph', 'envoy', 'laptop', 'survey'];

test.each([
  ['grpah', 'graph'],
  ['graf', 'graph'],
  ['Envoy', 'envoy'],
  ['envoys', 'envoy'],
  ['lap-top', 'laptop'],
  ['srvy', 'survey'],
])('who writes %s may have meant %s', (written, name) => {
  expect(nearest(written, NAMES)).toBe(name);
});

test.each(['', 'synth', 'gr', 'deploy', '__proto__'])('who writes "%s" meant none of them', (written) => {
  expect(nearest(written, NAMES)).toBeUndefined();
});

test('of two that are near, the nearer is meant', () => {
  expect(nearest('noda', ['code', 'node'])).toBe('node');
});
