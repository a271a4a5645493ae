import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { surveyProgram } from '../../lib/survey/program';
import { builtPackage } from '../package/built-package';

const ROOT = join(__dirname, '../..');
const PACKAGE = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const MAIN = join(builtPackage(), PACKAGE.bin.meshvm);

function meshvm(args: readonly string[], input = '') {
  return spawnSync(MAIN, args, { encoding: 'utf8', input });
}

test('draws standard input', () => {
  const { status, stdout } = meshvm(
    ['graph', '-'],
    'apiVersion: v1\nkind: Service\nmetadata: { name: pay, namespace: shop }\n',
  );
  expect([status, stdout.split('\n')[3]]).toStrictEqual([0, '    service_shop_pay(["Service<br/><b>pay</b>"])']);
});

test.each(['envoy', 'laptop', 'survey'])('%s has help of its own', (command) => {
  const { status, stdout } = meshvm([command, '--help']);
  expect([status, stdout.includes(`Usage: meshvm ${command} `)]).toStrictEqual([0, true]);
});

test('has the program that surveys a machine', () => {
  expect(meshvm(['survey', '--print-program'])).toMatchObject({ status: 0, stdout: surveyProgram() });
});

test('says what it can do, and its version', () => {
  expect(meshvm(['--help'])).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^ {2}graph {3}Draws .*\n {2}envoy {3}Makes .*\n {2}laptop {2}Runs /m),
  });
  expect(meshvm(['--version'])).toMatchObject({ status: 0, stdout: `${PACKAGE.version}\n` });
});

test.each([
  [['grpah'], /^meshvm: there is no command "grpah": did you mean "graph"\? .*\n$/],
  [['deploy'], /^meshvm: there is no command "deploy"\n\n.*Usage: /s],
  [['constructor'], /^meshvm: there is no command "constructor"\n/],
  [[], /^meshvm: a command is missing\n\n.*Usage: /s],
])('refuses %j, and says what to write instead', (args, message) => {
  expect(meshvm(args)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(message) });
});

test('sends those who ask for the agent to the machine', () => {
  const agent = readFileSync(join(ROOT, 'lib/join/agent/main.py'), 'utf8');
  const commands = [...agent.matchAll(/ command\((\w+), '(?!used by)/g)].map(([, name]) => name);
  expect(commands).toContain('doctor');
  for (const command of commands) {
    const message = expect.stringContaining(`run "sudo meshvm ${command}" on a machine of the mesh`);
    expect(meshvm([command])).toMatchObject({ status: 2, stdout: '', stderr: message });
  }
});
