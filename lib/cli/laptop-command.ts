import { parseArgs } from 'node:util';
import { findEnvoy, noEnvoy } from './envoy-program';
import { ExitCode } from './exit-code';
import { warn } from './laptop/messages';
import { laptopPaths, SYSTEM_HOSTS } from './laptop/paths';
import { startLaptop } from './laptop/start';
import { laptopStatus } from './laptop/status';
import { stopLaptop } from './laptop/stop';
import { LAPTOP_HELP } from './laptop-help';
import { misused } from './misused';
import { readMachineFile, readMachineName } from './read-machine';

/** `meshvm laptop`. */
export async function laptopCommand(args: readonly string[]): Promise<ExitCode> {
  const request = requestOf(args);
  if (typeof request === 'string') return misused('laptop', request);
  const { values, action, path } = request;
  if (values.help) {
    process.stdout.write(LAPTOP_HELP);
    return ExitCode.DONE;
  }
  const hosts = values.hosts === 'none' ? undefined : (values.hosts ?? SYSTEM_HOSTS);
  if (process.platform === 'win32') {
    warn(
      'meshvm laptop does not run on Windows\n  fix: write the files with meshvm envoy --directory, and start Envoy yourself',
    );
    return ExitCode.INPUT;
  }
  // A machine can be stopped whatever has become of its file.
  const name = readMachineName(path);
  if (name !== undefined && action === 'stop') return stopLaptop(name, laptopPaths(name), hosts);
  const paths = laptopPaths(name ?? '');
  const { spec, problems } = readMachineFile(path, { defaultDirectory: paths.configuration });
  if (spec === undefined) {
    warn(problems.join('\n'));
    return ExitCode.INPUT;
  }
  const { adminSocket } = paths;
  if (Buffer.byteLength(adminSocket) > LONGEST_SOCKET) {
    warn(
      `${adminSocket} is too long a path for a socket (${LONGEST_SOCKET} bytes)\n  fix: give the machine a shorter name, or set XDG_STATE_HOME to another folder`,
    );
    return ExitCode.INPUT;
  }
  if (action === 'status') return laptopStatus(spec, paths, hosts);
  const envoy = findEnvoy(values.envoy);
  if (envoy === undefined) {
    warn(noEnvoy(values.envoy));
    return ExitCode.INPUT;
  }
  return startLaptop({ spec: { ...spec, adminSocket }, paths, envoy, hosts, foreground: values.foreground ?? false });
}

/** `sun_path` of macOS, which is shorter than that of Linux, without its last byte. */
const LONGEST_SOCKET = 103;

const ACTIONS = ['start', 'stop', 'status'];

const OPTIONS = {
  hosts: { type: 'string' },
  envoy: { type: 'string' },
  foreground: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** What is asked for, or what is wrong with how it is asked. */
function requestOf(args: readonly string[]) {
  const parsed = parse(args);
  if (typeof parsed === 'string') return parsed;
  const { values, positionals } = parsed;
  const [action = '', path = '', ...more] = positionals;
  if (values.help) return { values, action, path };
  if (!ACTIONS.includes(action)) return `say ${ACTIONS.join(', ')}, and name a machine file`;
  if (path === '' || more.length > 0) return 'name one machine file';
  if (values.foreground && action !== 'start') return '--foreground is only for start';
  return { values, action, path };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    return (error as Error).message;
  }
}
