import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';

export interface KubeconfigOptions {
  readonly server: string;
  readonly serverName: string;
  readonly ca: string;
  readonly token: string;
}

/** Writes a kubeconfig and returns its path. */
export function writeKubeconfig(file: string, options: KubeconfigOptions): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'mesh',
        cluster: {
          server: options.server,
          'tls-server-name': options.serverName,
          'certificate-authority-data': Buffer.from(options.ca).toString('base64'),
        },
      },
    ],
    users: [{ name: 'user', user: { token: options.token } }],
    contexts: [{ name: 'mesh', context: { cluster: 'mesh', user: 'user' } }],
    'current-context': 'mesh',
  };
  writeFileSync(file, stringify(config), { mode: 0o600 });
  return file;
}
