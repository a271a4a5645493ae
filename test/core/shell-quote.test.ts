import { spawnSync } from 'node:child_process';
import { assert, property, string, stringMatching } from 'fast-check';
import { quoteAsIstioctl, quoteWord } from '../../lib/core/shell-quote';

describe('quoteAsIstioctl', () => {
  test.each([
    ['', "''"],
    ['plain', "'plain'"],
    ['15020', "'15020'"],
    ['w@%+=:,./-', 'w@%+=:,./-'],
    ["it's", `'it'"'"'s'`],
    ['\\', "'\\'"],
    ['{"a":"b"}', `'{"a":"b"}'`],
  ])('writes %j as istioctl does, but for a backslash', (value, quoted) => {
    expect(quoteAsIstioctl(value)).toBe(quoted);
  });
});

test.each([
  ['quoteAsIstioctl', quoteAsIstioctl],
  ['quoteWord', quoteWord],
] as const)('a shell reads back what %s wrote', (_, quote) => {
  const text = string({ unit: stringMatching(/^[ -~\n\t]$/), maxLength: 30 });
  assert(
    property(text, (value) => {
      const { stdout } = spawnSync('sh', ['-c', `V=${quote(value)}; printf %s "$V"`], { encoding: 'utf8' });
      expect(stdout).toBe(value);
    }),
    { numRuns: 60 },
  );
});
