import fc from 'fast-check';
import { hostsBlock } from '../../../lib/standalone/envoy/hosts-block';
import { BrokenHostsBlock, withHostsBlock } from '../../../lib/standalone/envoy/hosts-file';
import { anEnvoy } from './spec';

const BLOCK = hostsBlock(anEnvoy());
const OTHER = BLOCK.replaceAll('laptop', 'laptop-2');

test('a block comes to the end, and later stays where it stands', () => {
  expect(withHostsBlock('127.0.0.1 localhost', 'laptop', BLOCK)).toBe(`127.0.0.1 localhost\n${BLOCK}`);
  const old = '# meshvm-envoy laptop begin\n127.0.0.1 old\n# meshvm-envoy laptop end\n';
  expect(withHostsBlock(`a\n${old}b`, 'laptop', BLOCK)).toBe(`a\n${BLOCK}b`);
});

test('the block of another machine is left alone', () => {
  expect(withHostsBlock(`${OTHER}${BLOCK}`, 'laptop', undefined)).toBe(OTHER);
});

test('what is put in and taken out leaves every other byte as it was', () => {
  const content = fc
    .array(fc.constantFrom('127.0.0.1 a', '', '\r', '# x', OTHER.trimEnd()))
    .map((lines) => `${lines.join('\n')}\n`);
  fc.assert(
    fc.property(content, (text) => {
      const once = withHostsBlock(text, 'laptop', BLOCK);
      expect(withHostsBlock(once, 'laptop', BLOCK)).toBe(once);
      expect(withHostsBlock(once, 'laptop', undefined)).toBe(text);
    }),
  );
});

test.each([
  ['a beginning without an end', '# meshvm-envoy laptop begin\n127.0.0.1 mine\n'],
  ['an end without a beginning', '# meshvm-envoy laptop end\n'],
  ['an end before the beginning', '# meshvm-envoy laptop end\n# meshvm-envoy laptop begin\n'],
  ['two blocks', `${BLOCK}${BLOCK}`],
])('%s is not touched', (_, content) => {
  expect(() => withHostsBlock(content, 'laptop', BLOCK)).toThrow(BrokenHostsBlock);
  expect(() => withHostsBlock(content, 'laptop', undefined)).toThrow(
    'its lines "# meshvm-envoy laptop begin" and "# meshvm-envoy laptop end" are not one pair; remove them, and what belongs between them',
  );
});
