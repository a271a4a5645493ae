import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { LaptopPaths } from './paths';
import { isAlive, type ProcessId, processOf } from './processes';

/** What `start` leaves for `status` and `stop`. */
export interface LaptopState {
  /** Envoy; while it is being started, the command that does so. */
  readonly process: ProcessId;
  /** The hosts file in which `start` has written the block; undefined where it has not. */
  readonly hosts?: string;
}

/** The state of a machine; undefined where nothing was started, or what was left can't be read. */
export function readState(paths: LaptopPaths): LaptopState | undefined {
  try {
    const state = JSON.parse(readFileSync(paths.stateFile, 'utf8')) as LaptopState;
    return typeof state.process?.pid === 'number' && typeof state.process.started === 'string' ? state : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces the state, the whole of it or nothing. */
export function writeState(paths: LaptopPaths, state: LaptopState): void {
  mkdirSync(paths.state, { recursive: true, mode: 0o700 });
  const unfinished = `${paths.stateFile}.new`;
  writeFileSync(unfinished, `${JSON.stringify(state)}\n`, { mode: 0o600 });
  renameSync(unfinished, paths.stateFile);
}

/** Forgets the state. */
export function removeState(paths: LaptopPaths): void {
  for (const file of [paths.stateFile, paths.adminSocket]) rmSync(file, { force: true });
}

/**
 * Makes this process the only one that starts the machine.
 *
 * @returns The process that runs the machine or starts it already; undefined when it is this one's turn.
 */
export function claim(paths: LaptopPaths): ProcessId | undefined {
  mkdirSync(paths.state, { recursive: true, mode: 0o700 });
  const self = processOf(process.pid) as ProcessId;
  const text = `${JSON.stringify({ process: self } satisfies LaptopState)}\n`;
  for (;;) {
    try {
      writeFileSync(paths.stateFile, text, { flag: 'wx', mode: 0o600 });
      return undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const other = readState(paths);
    if (other !== undefined && isAlive(other.process)) return other.process;
    removeState(paths);
  }
}
