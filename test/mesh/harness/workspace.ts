import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';

/** Every process of a run carries its id in this variable; children inherit it. */
export const RUN_VARIABLE = 'MESHVM_MESH_RUN';

/**
 * What one run owns: an id, a folder for its files and logs, and a guard that cleans up after it.
 *
 * The guard is a process of its own that waits for the end of a pipe. It ends when this process does, however that
 * happens (end of the tests, ^C, a crash, SIGKILL); the guard then kills what still carries the run's id and removes
 * the run's network namespaces and bridges. Nothing that another run owns can match.
 */
export class Workspace {
  readonly id = randomBytes(6).toString('hex');
  readonly folder: string;
  readonly logs: string;
  private readonly guard: ChildProcess;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'meshvm-mesh-'));
    this.logs = this.subfolder('logs');
    this.guard = spawn('/bin/sh', ['-c', GUARD, 'meshvm-mesh-guard', `${RUN_VARIABLE}=${this.id}`], {
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.guard.unref();
    // The pipe is a socket: without this it would keep the event loop, and so the test runner, alive.
    (this.guard.stdin as Writable & { unref(): void }).unref();
  }

  /** A folder of the run, made if it does not exist. */
  subfolder(...names: readonly string[]): string {
    const folder = join(this.folder, ...names);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Makes the guard remove this bridge, and the network namespaces whose names start with it, at the end of the run. */
  guardBridge(name: string): void {
    this.guard.stdin?.write(`${name}\n`);
  }

  /** Ends the run: waits for the guard to clean up what is left; keeps files and logs if `MESHVM_MESH_KEEP` is set. */
  async close(): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      if (this.guard.exitCode !== null) resolve();
      else this.guard.once('exit', () => resolve());
    });
    this.guard.ref();
    this.guard.stdin?.end();
    await ended;
    if (process.env.MESHVM_MESH_KEEP) process.stderr.write(`mesh tests: files and logs are in ${this.folder}\n`);
    else rmSync(this.folder, { recursive: true, force: true });
  }
}

/** SIGKILL and not SIGTERM: at this point either all is stopped already, or the owner is gone and nobody waits. */
const GUARD = `
trap '' INT TERM HUP
bridges=
while read -r bridge; do bridges="$bridges $bridge"; done
for environment in /proc/[0-9]*/environ; do
  if tr '\\0' '\\n' <"$environment" | grep -qFx "$1"; then
    process=\${environment#/proc/}
    kill -KILL "\${process%/environ}"
  fi
done 2>/dev/null
for bridge in $bridges; do
  for namespace in /var/run/netns/"$bridge"-*; do
    [ -e "$namespace" ] || continue
    ip netns delete "\${namespace##*/}"
    rm -rf "/etc/netns/\${namespace##*/}"
  done
  ip link delete "$bridge"
done 2>/dev/null
exit 0
`;
