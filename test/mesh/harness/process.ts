import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GiveUp, type WaitOptions, waitUntil } from './wait';
import { RUN_VARIABLE, type Workspace } from './workspace';

export interface ProcessOptions {
  readonly workspace: Workspace;
  /** Names the log file too. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment but PATH and HOME: nothing else of the caller's is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A process that the harness started, as the leader of a process group of its own, with its output in a log file. */
export class ManagedProcess {
  static start(options: ProcessOptions): ManagedProcess {
    return new ManagedProcess(options);
  }

  readonly name: string;
  readonly logFile: string;
  readonly exited: Promise<string>;
  private readonly child: ChildProcess;
  private end: string | undefined;
  private stopped = false;

  private constructor(options: ProcessOptions) {
    this.name = options.name;
    this.logFile = join(options.workspace.logs, `${options.name}.log`);
    const log = openSync(this.logFile, 'a');
    this.child = spawn(options.command, options.args, {
      cwd: options.cwd ?? options.workspace.folder,
      env: {
        PATH: process.env.PATH,
        HOME: options.workspace.folder,
        ...options.env,
        [RUN_VARIABLE]: options.workspace.id,
      },
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.child.unref();
    this.exited = new Promise((resolve) => {
      const settle = (end: string): void => {
        this.end = end;
        resolve(end);
      };
      this.child.once('error', (error) => settle(error.message));
      this.child.once('exit', (code, signal) => settle(signal ? `signal ${signal}` : `exit code ${code}`));
    });
  }

  get running(): boolean {
    return this.end === undefined;
  }

  /** The last lines of the log. */
  logTail(lines = 25): string {
    return readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  }

  /** Waits until `probe` says yes; fails at once, quoting the log, when the process ends before. */
  async waitUntil<T>(what: string, probe: () => T | Promise<T>, options: WaitOptions = {}): Promise<NonNullable<T>> {
    const details = async (): Promise<string> => {
      const more = options.details === undefined ? '' : `${await options.details()}\n`;
      return `${more}--- end of ${this.logFile} ---\n${this.logTail()}`;
    };
    const watched = async (): Promise<T> => {
      if (!this.running) throw new GiveUp(`${this.name} ended (${this.end}) before: ${what}.\n${await details()}`);
      return probe();
    };
    return waitUntil(`${this.name}: ${what}`, watched, { ...options, details });
  }

  /** Stops the whole process group: politely first, by force after the grace period. */
  async stop(graceSeconds = 10): Promise<void> {
    this.child.ref();
    this.signal('SIGTERM');
    if (this.running) {
      const timer = setTimeout(() => this.signal('SIGKILL'), graceSeconds * 1000);
      await this.exited;
      clearTimeout(timer);
    }
    this.signal('SIGKILL');
    this.stopped = true;
  }

  /** Kills the whole process group at once, as a power cut would. */
  async kill(): Promise<void> {
    this.child.ref();
    this.signal('SIGKILL');
    await this.exited;
    this.stopped = true;
  }

  private signal(signal: NodeJS.Signals): void {
    // A group exists as long as one of its members does, so its id can't belong to anyone else until then.
    if (this.child.pid === undefined || this.stopped) return;
    try {
      process.kill(-this.child.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
