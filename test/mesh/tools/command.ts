import { spawn, spawnSync } from 'node:child_process';

/** What to install when a command is missing, by command. */
const PACKAGES: Readonly<Record<string, string>> = {
  go: 'Go 1.26 or newer',
  python3: 'Python 3 with pip',
  ip: 'the package iproute2',
};

/** Throws one error that names every missing command and what to install for it. */
export function requireCommands(names: readonly (keyof typeof PACKAGES)[]): void {
  const missing = names.filter((name) => spawnSync(name, ['--help'], { stdio: 'ignore' }).error !== undefined);
  if (missing.length === 0) return;
  const hints = missing.map((name) => `\`${name}\` (install ${PACKAGES[name]})`);
  throw new Error(`The mesh tests need commands that are not on the PATH: ${hints.join(', ')}.`);
}

/** Runs a command to its end and returns what it printed; an error quotes the end of its standard error. */
export function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(stdout.trim());
      else reject(new Error(`\`${command} ${args.join(' ')}\` failed (exit code ${code}):\n${stderr.slice(-4000)}`));
    });
  });
}
