import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EFFECTS } from '../../lib/survey/private/effects';

const ROOT = join(__dirname, '../..');
const PAGE = readFileSync(join(ROOT, 'docs/applications.md'), 'utf8');
const TESTS = readdirSync(join(ROOT, 'test/mesh'))
  .filter((name) => name.startsWith('applications-'))
  .map((name) => readFileSync(join(ROOT, 'test/mesh', name), 'utf8'))
  .join('\n');

/** Anchors below a heading. */
function rows(heading: string): readonly string[] {
  const [, section] = PAGE.split(`## ${heading}\n`);
  return [...section.split('\n## ')[0].matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id);
}

test('every row about calls is a test on a real machine', () => {
  const all = [...rows('Calls that come in'), ...rows('Calls that go out'), 'udp'];
  const tested = [...TESTS.matchAll(/^(?:describe|test)\('([a-z0-9.-]+)(?:: [^\n]*)?',/gm)].map(([, id]) => id);
  expect(all.length).toBeGreaterThan(20);
  expect([...new Set(tested)].sort()).toStrictEqual([...all].sort());
});

test('what a survey warns of is a row', () => {
  const all = [...PAGE.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id);
  expect(Object.keys(EFFECTS).filter((id) => !all.includes(id))).toStrictEqual([]);
});
