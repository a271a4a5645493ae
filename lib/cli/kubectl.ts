import { execFile } from 'node:child_process';
import type { Ask } from '../cluster/ask';
import { parsed } from '../cluster/json';

/** How a cluster is chosen: as kubectl does, by its options. */
export interface ClusterChoice {
  readonly context?: string;
  readonly kubeconfig?: string;
}

/** There is no answer at all: no kubectl, no such context, no network, no credentials. */
export class NoCluster extends Error {}

/**
 * Asks the API server through kubectl, with the credentials and plugins that it has. It sends GETs alone.
 *
 * kubectl rather than a client of our own: whoever has a cluster has it, it knows every way to log in, and no program that only synthesizes
 * has to install a client.
 */
export function askBy({ context, kubeconfig }: ClusterChoice): Ask {
  const choice = [
    ...(context === undefined ? [] : ['--context', context]),
    ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]),
  ];
  return (path) =>
    new Promise((resolve, reject) => {
      const args = [...choice, '--request-timeout=30s', 'get', '--raw', path];
      execFile('kubectl', args, { maxBuffer: MOST_BYTES }, (error, stdout, stderr) => {
        if (error === null) return resolve({ body: parsed(stdout) });
        const told = stderr.trim();
        if (told.includes('(NotFound)')) return resolve({ missing: true });
        if (told.includes('(Forbidden)')) return resolve({ forbidden: told });
        const { code } = error as NodeJS.ErrnoException;
        reject(
          new NoCluster(
            code === 'ENOENT'
              ? 'there is no program kubectl on the PATH; install it, or add its folder'
              : told || error.message,
          ),
        );
      });
    });
}

/** All Services and Gateways of a large cluster come to some megabytes. */
const MOST_BYTES = 256 * 1024 * 1024;
