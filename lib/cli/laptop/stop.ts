import { ExitCode } from '../exit-code';
import { say, warn } from './messages';
import type { LaptopPaths } from './paths';
import { isAlive } from './processes';
import { cleanUp } from './start';
import { readState } from './state';

/** `meshvm laptop stop`. It may be repeated. */
export async function stopLaptop(name: string, paths: LaptopPaths, hosts: string | undefined): Promise<ExitCode> {
  const state = readState(paths);
  const ran = state !== undefined && isAlive(state.process);
  try {
    const problems = await cleanUp(name, paths, hosts);
    say(ran ? `${name} is stopped` : `${name} does not run`);
    if (problems.length === 0) return ExitCode.DONE;
    warn(problems.join('\n'));
  } catch (error) {
    warn(`${name} could not be stopped: ${(error as Error).message}\n  fix: stop it as the user that has started it`);
  }
  return ExitCode.INPUT;
}
