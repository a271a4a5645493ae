import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ROOT = join(__dirname, '../..');
const PAGES = [
  ...['README.md', 'CHANGELOG.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'examples/README.md'],
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** What the links of a page lead to, from the root of the repository: path and heading. */
function linksOf(page: string): readonly (readonly [string, string | undefined])[] {
  const targets = [...read(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
  return targets.map(([, path, heading]) => [
    path === '' ? page : relative(ROOT, join(ROOT, dirname(page), path)),
    heading,
  ]);
}

function read(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

/** The names by which GitHub links to the headings of a page. */
function headingsOf(page: string): readonly string[] {
  return [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test.each(PAGES)('the links of %s lead to a page or heading that is there', (page) => {
  const broken = linksOf(page).filter(
    ([path, heading]) =>
      !existsSync(join(ROOT, path)) || (heading !== undefined && !headingsOf(path).includes(heading)),
  );
  expect(broken).toStrictEqual([]);
});

test('the pages that travel in the package lead to nothing that stays behind', () => {
  const travels = /^(docs\/(?!api\/)|examples\/(README\.md|[^/]+\/[^/]+\.(ts|py|txt|yaml|pem))$)/;
  const links = PAGES.filter((page) => page.startsWith('docs/')).flatMap(linksOf);
  expect(links.map(([path]) => path).filter((path) => !travels.test(path))).toStrictEqual([]);
});
