import { ExitCode } from './exit-code';

/** Says what is wrong with how a command is asked for. */
export function misused(command: string, problem: string): ExitCode {
  process.stderr.write(`meshvm ${command}: ${problem}\n"meshvm ${command} --help" shows how to use it.\n`);
  return ExitCode.USAGE;
}
