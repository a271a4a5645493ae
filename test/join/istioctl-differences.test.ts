import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIFFERENCES } from './istioctl-differences';

test('the documentation names every difference from istioctl, in the same words', () => {
  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'bootstrap-parity.md'), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows).toStrictEqual(DIFFERENCES.map(({ id, istioctl, meshvm }) => `| \`${id}\` | ${istioctl} | ${meshvm} |`));
});
