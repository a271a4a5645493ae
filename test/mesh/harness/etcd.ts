import { http } from './http';
import { freePort } from './ports';
import { ManagedProcess } from './process';
import type { Workspace } from './workspace';

/** The API server's database: nothing of it outlives a run, so it needs no fsync. */
export class Etcd {
  static async start(workspace: Workspace, command: string): Promise<Etcd> {
    const url = `http://127.0.0.1:${await freePort()}`;
    const peerUrl = `http://127.0.0.1:${await freePort()}`;
    const process = ManagedProcess.start({
      workspace,
      name: 'etcd',
      command,
      args: [
        `--data-dir=${workspace.subfolder('etcd')}`,
        `--listen-client-urls=${url}`,
        `--advertise-client-urls=${url}`,
        `--listen-peer-urls=${peerUrl}`,
        `--initial-advertise-peer-urls=${peerUrl}`,
        `--initial-cluster=default=${peerUrl}`,
        '--unsafe-no-fsync',
        '--log-level=warn',
      ],
    });
    await process.waitUntil('it is healthy', async () => (await http({ url: `${url}/health` })).status === 200);
    return new Etcd(url, process);
  }

  private constructor(
    readonly url: string,
    readonly process: ManagedProcess,
  ) {}
}
