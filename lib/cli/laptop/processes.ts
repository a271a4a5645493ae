import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that no other can be taken for, though its number may come back. */
export interface ProcessId {
  readonly pid: number;
  /** When it started, in whatever form the system says so. */
  readonly started: string;
}

/** The process with a number; undefined when there is none. */
export function processOf(pid: number): ProcessId | undefined {
  const started = process.platform === 'linux' ? startedOnLinux(pid) : startedByPs(pid);
  return started === undefined ? undefined : { pid, started };
}

/** Whether a process still runs. */
export function isAlive({ pid, started }: ProcessId): boolean {
  return processOf(pid)?.started === started;
}

/** Ends a process: asks it first, and after ten seconds no more. */
export async function terminate(id: ProcessId): Promise<void> {
  signal(id, 'SIGTERM');
  for (let tries = 0; tries < 200 && isAlive(id); tries += 1) await sleep(50);
  if (!isAlive(id)) return;
  signal(id, 'SIGKILL');
  while (isAlive(id)) await sleep(50);
}

function signal(id: ProcessId, name: NodeJS.Signals): void {
  if (!isAlive(id)) return;
  try {
    process.kill(id.pid, name);
  } catch (error) {
    // It may have ended by itself meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Clock ticks since boot: field 22 of proc(5). What has ended and waits for its parent runs no more. */
function startedOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function startedByPs(pid: number): string | undefined {
  const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  const started = stdout?.trim() ?? '';
  return started === '' ? undefined : started;
}
