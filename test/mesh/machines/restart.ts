import { readdirSync, readFileSync } from 'node:fs';
import { type ControlPlane, waitUntil } from '../harness';
import { ManagedProcess } from '../harness/process';

/** A process that is down, and can be started again just as it was. */
export interface DownProcess {
  start(): ManagedProcess;
}

/** Kills the one process of this control plane whose arguments contain a word, as a crash of its node would. */
export async function takeDown(controlPlane: ControlPlane, word: string): Promise<DownProcess> {
  const { workspace } = controlPlane;
  const found = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && words(entry, 'cmdline').includes(word));
  const [id] = found;
  if (id === undefined || found.length > 1) throw new Error(`${found.length} processes have the argument ${word}.`);
  const [command, ...args] = words(id, 'cmdline');
  const env = Object.fromEntries(words(id, 'environ').map((entry) => entry.split(/=(.*)/s).slice(0, 2)));
  const name = `${command.split('/').pop()}-again`;
  process.kill(Number(id), 'SIGKILL');
  await waitUntil('it is gone', () => words(id, 'cmdline').length === 0);
  return {
    start: () => {
      const started = ManagedProcess.start({ workspace, name, command, args, env, cwd: workspace.folder });
      controlPlane.own(started);
      return started;
    },
  };
}

function words(processId: string, file: string): readonly string[] {
  try {
    return readFileSync(`/proc/${processId}/${file}`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return [];
  }
}
