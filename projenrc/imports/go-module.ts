import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import type { GoModule } from './sources';

/** A Go module on this machine. */
export interface DownloadedModule {
  readonly dir: string;
  /** Go's own hash of the module's files, which `go` has checked against the checksum database. */
  readonly sum: string;
}

/**
 * Finds a module in Go's module cache, downloading it when it isn't there.
 * @throws Error with what to do when Go is missing or the module cannot be had.
 */
export function downloadModule(module: GoModule): DownloadedModule {
  const name = `${module.path}@${module.version}`;
  const result = spawnSync('go', ['mod', 'download', '-json', name], {
    // Outside of any Go module, and free of flags that only make sense inside one.
    cwd: tmpdir(),
    env: { ...process.env, GOFLAGS: '', GOWORK: 'off' },
    encoding: 'utf8',
  });
  if (result.error) {
    const missing = (result.error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Error(
      missing
        ? 'imports/ is generated from Go modules, and there is no `go` on the PATH. Install Go (https://go.dev/dl).'
        : `go could not be started: ${result.error.message}`,
    );
  }
  const answer = parse(result.stdout);
  if (result.status !== 0 || answer.Error || !answer.Dir || !answer.Sum) {
    const reason = answer.Error ?? (result.stderr.trim() || `go ended with status ${result.status}`);
    throw new Error(`${name} could not be downloaded. Is the Go module proxy (go env GOPROXY) reachable?\n${reason}`);
  }
  return { dir: answer.Dir, sum: answer.Sum };
}

interface DownloadAnswer {
  readonly Dir?: string;
  readonly Sum?: string;
  readonly Error?: string;
}

function parse(text: string): DownloadAnswer {
  try {
    return JSON.parse(text) as DownloadAnswer;
  } catch {
    return {};
  }
}
