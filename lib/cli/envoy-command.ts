import { parseArgs } from 'node:util';
import { envoyFiles } from '../standalone/envoy/files';
import { ENVOY_HELP } from './envoy-help';
import { findEnvoy, noEnvoy, validate } from './envoy-program';
import { ExitCode } from './exit-code';
import { misused } from './misused';
import { readMachineFile } from './read-machine';
import { writeFiles } from './write-files';

/** `meshvm envoy`. */
export function envoyCommand(args: readonly string[]): ExitCode {
  const request = requestOf(args);
  if (typeof request === 'string') return misused('envoy', request);
  const { values, path } = request;
  if (values.help) {
    process.stdout.write(ENVOY_HELP);
    return ExitCode.DONE;
  }
  const { spec, problems } = readMachineFile(path, { directory: values.directory });
  if (spec === undefined) return failed(problems);
  if (values.check) {
    const program = findEnvoy(values.envoy);
    if (program === undefined) return failed([`not checked: ${noEnvoy(values.envoy)}`]);
    const refusal = validate(program, spec);
    if (refusal !== undefined) return failed([refusal]);
    process.stdout.write(`${program} takes the configuration\n`);
  }
  if (values.out === undefined) return ExitCode.DONE;
  const written = writeFiles(values.out, envoyFiles(spec), values.force);
  if (written.problems.length > 0) return failed(written.problems);
  process.stdout.write(`${written.report.join('\n')}\n`);
  return ExitCode.DONE;
}

const OPTIONS = {
  out: { type: 'string', short: 'o' },
  directory: { type: 'string' },
  check: { type: 'boolean' },
  envoy: { type: 'string' },
  force: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** What is asked for, or what is wrong with how it is asked. */
function requestOf(args: readonly string[]) {
  const parsed = parse(args);
  if (typeof parsed === 'string') return parsed;
  const { values, positionals } = parsed;
  const [path = '', ...more] = positionals;
  if (values.help) return { values, path };
  if (path === '' || more.length > 0) return 'name one machine file, or - for standard input';
  if (values.out === undefined && !values.check)
    return 'say with --out where the files go, or --check what is to be checked only';
  if (values.envoy !== undefined && !values.check) return '--envoy is only for --check';
  return { values, path };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    return (error as Error).message;
  }
}

function failed(problems: readonly string[]): ExitCode {
  process.stderr.write(`${problems.join('\n')}\n`);
  return ExitCode.INPUT;
}
