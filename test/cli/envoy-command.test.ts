import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { envoyCommand } from '../../lib/cli/envoy-command';
import { ENVOY_HELP } from '../../lib/cli/envoy-help';
import { ExitCode } from '../../lib/cli/exit-code';
import { MACHINE_FILE_HELP } from '../../lib/cli/machine-file-help';
import { parseMachineFile } from '../../lib/standalone/file/machine-file';
import { MACHINE_FILE, outputOf } from './machine-file';

let folder: string;
let machine: string;
let out: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshvm-envoy-'));
  machine = join(folder, 'laptop.yaml');
  out = join(folder, 'out');
  writeFileSync(machine, MACHINE_FILE);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: readonly string[]) => outputOf(() => envoyCommand(args));

/** A program that answers as Envoy would. */
function stub(script: string): string {
  const path = join(folder, 'envoy');
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

test('writes the files, and the same ones again', async () => {
  const [envoy, ...others] = ['envoy.yaml', 'certificate.yaml', 'roots.yaml', 'hosts'].map((name) => join(out, name));
  expect(await run(machine, '--out', out)).toStrictEqual({
    code: ExitCode.DONE,
    out: [envoy, ...others].map((path) => `${path} written\n`).join(''),
    err: '',
  });
  expect(readdirSync(out).sort()).toStrictEqual(['certificate.yaml', 'envoy.yaml', 'hosts', 'roots.yaml']);
  expect(readFileSync(envoy, 'utf8').split('\n', 1)).toStrictEqual([
    '# Envoy of spiffe://cluster.local/ns/laptops/sa/laptop. Made by meshvm, which replaces it.',
  ]);
  const before = readFileSync(envoy, 'utf8');
  writeFileSync(envoy, before.replace('15000', '1'));
  expect(await run(machine, '--out', out)).toStrictEqual({
    code: ExitCode.DONE,
    out: `${envoy} written\n${others.map((path) => `${path} unchanged\n`).join('')}`,
    err: '',
  });
  expect(readFileSync(envoy, 'utf8')).toBe(before);
});

test('a hosts file that is no longer wanted goes', async () => {
  await run(machine, '--out', out);
  writeFileSync(machine, `${MACHINE_FILE}nameResolution: { none: true }\n`);
  expect((await run(machine, '--out', out)).out).toContain(`${join(out, 'hosts')} removed\n`);
  expect(existsSync(join(out, 'hosts'))).toBe(false);
});

test("files of somebody else's are replaced by force only", async () => {
  mkdirSync(out);
  for (const name of ['envoy.yaml', 'hosts']) writeFileSync(join(out, name), 'mine\n');
  expect(await run(machine, '--out', out)).toStrictEqual({
    code: ExitCode.INPUT,
    out: '',
    err: ['envoy.yaml', 'hosts']
      .map(
        (name) =>
          `${join(out, name)} is there, and meshvm has not made it\n  fix: choose another folder, or --force to replace it\n`,
      )
      .join(''),
  });
  expect(readdirSync(out).sort()).toStrictEqual(['envoy.yaml', 'hosts']);
  expect((await run(machine, '--out', out, '--force')).code).toBe(ExitCode.DONE);
  expect(readFileSync(join(out, 'hosts'), 'utf8')).toMatch(/^# meshvm-envoy laptop begin\n/);
});

test('a folder of another system stands in the files as it was given', async () => {
  await run(machine, '--out', out, '--directory', 'C:/meshvm-envoy');
  expect(readFileSync(join(out, 'certificate.yaml'), 'utf8')).toContain(
    'filename: "C:/meshvm-envoy/certificates/cert-chain.pem"',
  );
});

test('a machine file with problems writes nothing', async () => {
  writeFileSync(machine, MACHINE_FILE.replace('port: 80', 'prt: 80'));
  expect(await run(machine, '--out', out)).toStrictEqual({
    code: ExitCode.INPUT,
    out: '',
    err: `${machine}:6:5: services[0].port: missing [shape/missing]
  allowed: a number
  fix: set the property
${machine}:7:5: services[0].prt: 80 is not allowed [shape/unknown-property]
  allowed: localPort, localAddress, subset, connectTimeoutSeconds, timeoutSeconds, retries, limits, healthCheck, transcoding, host, port, protocol, identities
  fix: did you mean port?
  what stands in [ ] is a rule: see docs/rules.md of the package meshvm
`,
  });
  expect(existsSync(out)).toBe(false);
});

test('a machine file that is not there', async () => {
  const { code, err } = await run(join(folder, 'none.yaml'), '--out', out);
  expect([code, err]).toStrictEqual([
    ExitCode.INPUT,
    `${join(folder, 'none.yaml')} can't be read: ENOENT: no such file or directory, open '${join(folder, 'none.yaml')}'\n  fix: name the file that describes the machine\n`,
  ]);
});

test('a folder that can not be written', async () => {
  writeFileSync(out, 'a file');
  const { code, err } = await run(machine, '--out', out);
  expect(code).toBe(ExitCode.INPUT);
  expect(err).toMatch(/^.*out can't be written: .*\n {2}fix: check the folder and its permissions\n$/);
});

describe('--check', () => {
  test('lets the given Envoy judge a configuration whose folders need not be there', async () => {
    const envoy = stub(`[ "$1 $2" = "--mode validate" ] && grep -q "$(dirname "$6")/certificate.yaml" "$6"`);
    expect(await run(machine, '--check', '--envoy', envoy)).toStrictEqual({
      code: ExitCode.DONE,
      out: `${envoy} takes the configuration\n`,
      err: '',
    });
    expect(existsSync(out)).toBe(false);
  });

  test('writes nothing that Envoy refuses', async () => {
    const envoy = stub('echo "no such cluster" >&2; exit 1');
    expect(await run(machine, '--check', '--envoy', envoy, '--out', out)).toStrictEqual({
      code: ExitCode.INPUT,
      out: '',
      err: `${envoy} refuses the configuration: no such cluster\n`,
    });
    expect(existsSync(out)).toBe(false);
  });

  test('is not silently left out', async () => {
    const absent = join(folder, 'absent');
    expect(await run(machine, '--check', '--envoy', absent, '--out', out)).toStrictEqual({
      code: ExitCode.INPUT,
      out: '',
      err: `not checked: ${absent} is no program that can be run\n  fix: install Envoy, or say with --envoy where it is\n`,
    });
    expect(existsSync(out)).toBe(false);
  });
});

test.each([
  [[], 'name one machine file, or - for standard input'],
  [['a', 'b', '--out', 'c'], 'name one machine file, or - for standard input'],
  [['a'], 'say with --out where the files go, or --check what is to be checked only'],
  [['a', '--out', 'b', '--envoy', 'c'], '--envoy is only for --check'],
  [['a', '--ot', 'b'], "Unknown option '--ot'"],
])('the command line %j is refused', async (args, message) => {
  const { code, out: text, err } = await run(...args);
  expect([code, text]).toStrictEqual([ExitCode.USAGE, '']);
  expect(err).toContain(`meshvm envoy: ${message}`);
  expect(err).toContain('"meshvm envoy --help" shows how to use it.\n');
});

test('help', async () => {
  expect(await run('--help')).toStrictEqual({ code: ExitCode.DONE, out: ENVOY_HELP, err: '' });
});

describe('the machine file that help shows', () => {
  const lines = MACHINE_FILE_HELP.split('\n').flatMap((line) => (line.startsWith('  ') ? [line.slice(2)] : []));
  const shown = lines.join('\n');

  test('is one', () => {
    expect(parseMachineFile('help', shown).problems).toStrictEqual([]);
  });

  test('is one with what is optional, too, and that shows the defaults', () => {
    const everything = shown
      .replaceAll(/^( *)#/gm, '$1')
      .replace('<base64>', 'CgA=')
      .replace('protocol: HTTP1', 'protocol: GRPC')
      .replace(', { status: 503 }]', ']')
      .replace('http: { path: /healthz,', 'grpc: {');
    expect(parseMachineFile('help', everything).problems).toStrictEqual([]);
    const least = parseMachineFile('help', shown).spec;
    const { metrics, ...most } = parseMachineFile('help', everything).spec ?? {};
    const { httpPort, adminPort } = parse(everything) as Record<string, unknown>;
    expect([httpPort, adminPort, metrics?.port]).toStrictEqual([15080, 15000, 15090]);
    const { services, gateways, inbound: _inbound, metrics: _metrics, ...rest } = least ?? {};
    expect(most).toMatchObject({ ...rest });
    const inbound = (text: string) => parseMachineFile('help', text).spec?.inbound;
    const optional = /^ +(listenAddress|applicationAddress|connectTimeout|idleTimeout|limits|health:).*\n/gm;
    expect(inbound(everything.replace(optional, ''))).toStrictEqual({ ...inbound(everything), health: undefined });
  });
});
