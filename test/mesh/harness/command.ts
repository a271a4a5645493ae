import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly cwd?: string;
  /** Added to the caller's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Default: 60. */
  readonly timeoutSeconds?: number;
  /** Return a failure instead of throwing it. Default: false. */
  readonly allowFailure?: boolean;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: (options.timeoutSeconds ?? 60) * 1000,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    // A character may lie across two chunks.
    child.stdout.setEncoding('utf8').on('data', (chunk) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk) => (stderr += chunk));
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.stdin);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const exitCode = code ?? -1;
      if (exitCode === 0 || (options.allowFailure && signal === null)) {
        resolve({ exitCode, stdout, stderr });
        return;
      }
      const end = signal === null ? `exit code ${code}` : `signal ${signal}, time limit reached`;
      reject(new Error(`\`${[command, ...args].join(' ')}\` failed (${end}):\n${stderr}${stdout}`));
    });
  });
}
