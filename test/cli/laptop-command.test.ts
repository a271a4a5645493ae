import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExitCode } from '../../lib/cli/exit-code';
import { laptopCommand } from '../../lib/cli/laptop-command';
import { LAPTOP_HELP } from '../../lib/cli/laptop-help';
import { MACHINE_FILE, outputOf } from './machine-file';

// What runs an Envoy is tested with a real one: test/mesh/standalone-cli.test.ts.

let folder: string;
let machine: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshvm-laptop-'));
  machine = join(folder, 'laptop.yaml');
  writeFileSync(machine, MACHINE_FILE);
  process.env.XDG_CONFIG_HOME = join(folder, 'config');
  process.env.XDG_STATE_HOME = join(folder, 'state');
});

afterEach(() => {
  delete process.env.XDG_CONFIG_HOME;
  delete process.env.XDG_STATE_HOME;
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: readonly string[]) => outputOf(() => laptopCommand(args));

test.each([
  [[], 'say start, stop, status, and name a machine file'],
  [['restart', 'a'], 'say start, stop, status, and name a machine file'],
  [['start'], 'name one machine file'],
  [['stop', 'a', 'b'], 'name one machine file'],
  [['stop', 'a', '--foreground'], '--foreground is only for start'],
  [['start', 'a', '--host', 'b'], "Unknown option '--host'"],
])('the command line %j is refused', async (args, message) => {
  const { code, out, err } = await run(...args);
  expect([code, out]).toStrictEqual([ExitCode.USAGE, '']);
  expect(err).toContain(`meshvm laptop: ${message}`);
  expect(err).toContain('"meshvm laptop --help" shows how to use it.\n');
});

test('help', async () => {
  expect(await run('--help')).toStrictEqual({ code: ExitCode.DONE, out: LAPTOP_HELP, err: '' });
});

test('without an Envoy nothing starts', async () => {
  const absent = join(folder, 'absent');
  expect(await run('start', machine, '--envoy', absent)).toStrictEqual({
    code: ExitCode.INPUT,
    out: '',
    err: `${absent} is no program that can be run\n  fix: install Envoy, or say with --envoy where it is\n`,
  });
});

test('certificates are looked for where the user has the configuration', async () => {
  const { code, err } = await run('start', machine, '--envoy', process.execPath);
  expect([code, err.split('\n', 1)[0]]).toStrictEqual([
    ExitCode.INPUT,
    expect.stringContaining(join(folder, 'config/meshvm/laptop/laptop/certificates/cert-chain.pem')),
  ]);
});

test('what is wrong with the machine file is said with its lines', async () => {
  writeFileSync(machine, `${MACHINE_FILE}adminPort: none\n`);
  const { code, err } = await run('status', machine);
  expect([code, err.split('\n', 1)[0]]).toStrictEqual([
    ExitCode.INPUT,
    `${machine}:10:1: adminPort: "none" is not allowed [shape/type]`,
  ]);
});

test('what never ran does not run', async () => {
  expect(await run('status', machine)).toStrictEqual({ code: ExitCode.INPUT, out: '', err: 'laptop does not run\n' });
  expect(await run('stop', machine, '--hosts', 'none')).toStrictEqual({
    code: ExitCode.DONE,
    out: 'laptop does not run\n',
    err: '',
  });
});
