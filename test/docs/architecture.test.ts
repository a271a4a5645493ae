import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** The folders in the order of the rules, each of which forbids what stands below. */
function house(): readonly string[] {
  const { forbidden } = jest.requireActual<{ forbidden: readonly { name: string; comment: string }[] }>(
    join(ROOT, '.dependency-cruiser.cjs'),
  );
  const rules = forbidden.filter(({ name }) => name.endsWith('-knows-nothing-below'));
  const last = rules.at(-1)?.comment.match(/stand (\S+)\./)?.[1];
  return [...rules.map(({ name }) => name.replace('-knows-nothing-below', '')), String(last)];
}

test('every folder of lib has its place in the house', () => {
  const folders = readdirSync(join(ROOT, 'lib'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toStrictEqual([...house(), 'pulumi'].sort());
});

test('ARCHITECTURE.md tells of the folders in the order that lint holds', () => {
  const table = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8').split('\n');
  const cells = table.filter((line) => line.startsWith('| `')).map((line) => line.split('|')[1]);
  const told = cells.flatMap((cell) => [...cell.matchAll(/`([a-z-]+)\/`/g)]).map(([, name]) => name);
  expect(told).toStrictEqual(house());
});

test('every file that ARCHITECTURE.md and CONTRIBUTING.md name is there', () => {
  const missing = ['ARCHITECTURE.md', 'CONTRIBUTING.md'].flatMap((page) => {
    const paths = readFileSync(join(ROOT, page), 'utf8').matchAll(
      /`((?:lib|test|projenrc|provider|bench)\/[\w./-]+\.\w+)`/g,
    );
    return [...paths].map(([, path]) => path).filter((path) => !existsSync(join(ROOT, path)));
  });
  expect(missing).toStrictEqual([]);
});
