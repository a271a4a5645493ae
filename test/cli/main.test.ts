import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const MAIN = join(ROOT, 'lib/cli/main.ts');

function meshvm(args: readonly string[], input = '') {
  const tsx = join(ROOT, 'node_modules/.bin/tsx');
  return spawnSync(tsx, [MAIN, ...args], { encoding: 'utf8', input, cwd: ROOT });
}

test('draws standard input', () => {
  const { status, stdout } = meshvm(
    ['graph', '-'],
    'apiVersion: v1\nkind: Service\nmetadata: { name: pay, namespace: shop }\n',
  );
  expect([status, stdout.split('\n')[3]]).toStrictEqual([0, '    service_shop_pay(["Service<br/><b>pay</b>"])']);
}, 60_000);

test.each(['envoy', 'laptop', 'survey'])(
  '%s has help of its own',
  (command) => {
    const { status, stdout } = meshvm([command, '--help']);
    expect([status, stdout.includes(`Usage: meshvm ${command} `)]).toStrictEqual([0, true]);
  },
  60_000,
);

test('says what it can do, and refuses what it can not', () => {
  expect(meshvm(['--help'])).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(
      /^ {2}graph {3}Draws .*\n {2}envoy {3}Makes .*\n {2}laptop {2}Runs .*\n {2}survey {2}Turns /m,
    ),
  });
  expect(meshvm(['grpah'])).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('there is no command "grpah"'),
  });
}, 60_000);

test('can be run by its name', () => {
  expect(readFileSync(MAIN, 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true);
});
