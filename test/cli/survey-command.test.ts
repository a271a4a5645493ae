import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExitCode } from '../../lib/cli/exit-code';
import { surveyCommand } from '../../lib/cli/survey-command';
import { SURVEY_HELP } from '../../lib/cli/survey-help';

let folder: string;
let answer: string;
let output: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshvm-survey-'));
  answer = join(folder, 'web-1.json');
  output = join(folder, 'fleet.ts');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: readonly string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const streams = [
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0),
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0),
  ];
  const code = surveyCommand(args);
  for (const stream of streams) stream.mockRestore();
  return { code, out: out.join(''), err: err.join('') };
}

test('prints the program, which answers what makes a program', () => {
  const { code, out, err } = run('--print-program');
  expect([code, err]).toStrictEqual([ExitCode.DONE, '']);
  const { stdout } = spawnSync('python3', ['-', '--json', '--no-connect'], { input: out, encoding: 'utf8' });
  writeFileSync(answer, stdout);
  expect(run(answer)).toStrictEqual({
    code: ExitCode.DONE,
    out: expect.stringMatching(
      /^\/\/ Made by "meshvm survey" from the answers of 1 machine\.[\s\S]*\napp\.synth\(\);\n$/,
    ),
    err: '',
  });
});

test('writes to a file, and replaces none unless it is told to', () => {
  expect(run('--print-program', '-o', output)).toStrictEqual({ code: ExitCode.DONE, out: '', err: '' });
  writeFileSync(output, 'worked on');
  expect(run('--print-program', '-o', output)).toStrictEqual({
    code: ExitCode.INPUT,
    out: '',
    err: `${output} is there; choose another name, or --force to replace it\n`,
  });
  expect(readFileSync(output, 'utf8')).toBe('worked on');
  expect(run('--print-program', '-o', output, '--force').code).toBe(ExitCode.DONE);
  expect(readFileSync(output, 'utf8')).toMatch(/^#!\/usr\/bin\/env python3\n/);
});

test('tells of all answers that are none, and writes nothing', () => {
  writeFileSync(answer, JSON.stringify({ format: '\u202eevil\u001b[2J' }));
  const { code, out, err } = run('-o', output, answer, join(folder, 'missing.json'));
  expect([code, out, existsSync(output)]).toStrictEqual([ExitCode.INPUT, '', false]);
  expect(err).toMatch(/missing\.json can't be read: ENOENT.*; check the path and its permissions\n/);
  expect(err).toMatch(/web-1\.json: format is "\\u\{202e\}evil\\u001b\[2J"; allowed: /);
});

test('help', () => {
  expect(run('--help')).toStrictEqual({ code: ExitCode.DONE, out: SURVEY_HELP, err: '' });
});

test.each([
  [[], /name the answers of machines, or ask for --print-program/],
  [['--print-program', 'a.json'], /--print-program takes no answers/],
  [['a.json', 'b.json', 'a.json'], /"a\.json" is named twice/],
  [['--pritn'], /--pritn/],
])('%j is refused', (args, message) => {
  expect(run(...args)).toStrictEqual({ code: ExitCode.USAGE, out: '', err: expect.stringMatching(message) });
});
