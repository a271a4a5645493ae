import { MeshVmGroup, StandaloneService } from 'meshvm';
import { shownValue } from '../../lib/core/shown-value';
import { aChart, groupProps } from '../fixtures';

test.each<[unknown, string]>([
  [undefined, 'undefined'],
  [Number.NaN, 'NaN'],
  [{ port: 80, name: undefined }, '{"port":80}'],
  ['x'.repeat(200), `"${'x'.repeat(116)}...`],
])('%j is shown as %s', (value, text) => {
  expect(shownValue(value)).toBe(text);
});

test('a construct is shown by its path, wherever it stands', () => {
  const group = new MeshVmGroup(aChart(), 'shop', groupProps());
  expect(shownValue(StandaloneService.group(group, { port: 80 }))).toBe('{"port":80,"group":"payments/shop"}');
});
