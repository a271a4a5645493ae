import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { envoyFiles } from '../../lib/standalone/envoy/files';
import { anEnvoy } from '../standalone/envoy/spec';
import { freePort } from './harness/ports';
import { waitUntil } from './harness/wait';
import { findTools } from './tools/tools';

// Needs root, to be two users.

const OWNER = 64001;
const SOMEBODY = 64002;

let folder: string;
let socket: string;
let envoy: ChildProcess;
let adminPort: number;
let httpPort: number;

beforeAll(async () => {
  adminPort = await freePort();
  httpPort = await freePort();
  folder = mkdtempSync(join(tmpdir(), 'meshvm-admin-'));
  chmodSync(folder, 0o755);
  const program = join(folder, 'envoy');
  copyFileSync((await findTools()).envoy, program);
  // As the unit's RuntimeDirectory.
  const runtime = join(folder, 'run');
  mkdirSync(runtime, { mode: 0o700 });
  chownSync(runtime, OWNER, OWNER);
  socket = join(runtime, 'admin.sock');
  mkdirSync(join(folder, 'certificates'));
  const spec = anEnvoy({
    ...{ adminPort, adminSocket: socket, directory: folder },
    services: [{ ...anEnvoy().services[0], listen: { address: '127.0.0.1', port: httpPort } }],
    tls: { ...anEnvoy().tls, directory: join(folder, 'certificates') },
  });
  for (const [name, text] of Object.entries(envoyFiles(spec))) writeFileSync(join(folder, name), text);
  const args = ['--use-dynamic-base-id', '--log-level', 'error', '-c', join(folder, 'envoy.yaml')];
  envoy = spawn('setpriv', [...as(OWNER), program, ...args], { stdio: 'ignore' });
  await waitUntil('Envoy is ready', () => get('/ready') === '200');
});

afterAll(() => {
  envoy.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function as(user: number): readonly string[] {
  return [`--reuid=${user}`, `--regid=${user}`, '--clear-groups', '--no-new-privs'];
}

/** The status that a local user gets; 000 where there is no answer. */
function curl(user: number, ...args: readonly string[]): string {
  const common = ['-s', '-o', '/dev/null', '-m', '5', '-w', '%{http_code}', '--path-as-is'];
  return spawnSync('setpriv', [...as(user), 'curl', ...common, ...args], { encoding: 'utf8' }).stdout;
}

const get = (path: string, ...args: readonly string[]) =>
  curl(SOMEBODY, ...args, `http://127.0.0.1:${adminPort}${path}`);
const post = (path: string, ...args: readonly string[]) => get(path, '-X', 'POST', ...args);

/** The status of a call to the service, whose gateway is not there. */
const call = () => curl(SOMEBODY, `http://127.0.0.1:${httpPort}/`);

test.each([
  '/quitquitquit',
  '/drain_listeners?inboundonly',
  '/healthcheck/fail',
  '/logging?level=trace',
  '/reset_counters',
])('a local user can not POST %s', (path) => {
  expect([post(path), post(path, '-H', 'x-http-method-override: GET'), get(path)]).toStrictEqual(['404', '404', '404']);
  expect([envoy.exitCode, get('/ready'), call()]).toStrictEqual([null, '200', '503']);
});

test.each([
  '/',
  '/help',
  '/config_dump',
  '/runtime',
  '/cpuprofiler',
  '/heap_dump',
  '/init_dump',
  '/stats/',
  '/stats/recentlookups',
  '/ready/../config_dump',
  '/ready/%2e%2e/config_dump',
  '/ready%2f..%2fconfig_dump',
  '//config_dump',
])('a local user does not read %s', (path) => {
  expect(get(path)).toBe('404');
});

test('a local user asks a second request into one connection in vain', () => {
  const smuggled = 'GET /quitquitquit HTTP/1.1\r\nHost: a\r\n\r\n';
  const args = ['-H', 'Transfer-Encoding: chunked', '-H', 'Content-Length: 4', '-d', `0\r\n\r\n${smuggled}`];
  get('/ready', '-X', 'GET', ...args);
  expect([envoy.exitCode, get('/ready')]).toStrictEqual([null, '200']);
});

test.each([
  '/ready',
  '/stats',
  '/stats/prometheus',
  '/stats?format=json',
  '/clusters',
  '/listeners',
  '/server_info',
  '/certs',
])('whoever looks after the machine reads %s, and can not POST to it', (path) => {
  expect([get(path), post(path)]).toStrictEqual(['200', '404']);
});

test('the interface itself is there for root and for the user of Envoy alone', () => {
  expect(existsSync(socket)).toBe(true);
  const dump = (user: number) => curl(user, '--unix-socket', socket, 'http://localhost/config_dump');
  expect([dump(SOMEBODY), dump(OWNER), dump(0)]).toStrictEqual(['000', '200', '200']);
  // Nor where somebody opens the folder.
  chmodSync(join(folder, 'run'), 0o755);
  expect(dump(SOMEBODY)).toBe('000');
  expect(curl(SOMEBODY, '--unix-socket', socket, '-X', 'POST', 'http://localhost/quitquitquit')).toBe('000');
});

test("the port is Envoy's own: a second one on it does not run", () => {
  const second = join(folder, 'second.yaml');
  writeFileSync(second, readFileSync(join(folder, 'envoy.yaml'), 'utf8').replaceAll('admin.sock', 'second.sock'));
  const args = ['--use-dynamic-base-id', '--log-level', 'error', '-c', second];
  const { status, stderr } = spawnSync('setpriv', [...as(OWNER), join(folder, 'envoy'), ...args], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect(status).toBe(1);
  expect(stderr).toContain(`127.0.0.1:${adminPort}`);
});

test('root ends it by the interface', async () => {
  expect(curl(0, '--unix-socket', socket, '-X', 'POST', 'http://localhost/quitquitquit')).toBe('200');
  await waitUntil('Envoy has ended', () => envoy.exitCode !== null);
  expect(envoy.exitCode).toBe(0);
});
