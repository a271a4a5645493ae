import { runCommand } from './command';
import { http } from './http';
import { freePort } from './ports';
import { ManagedProcess } from './process';
import type { Workspace } from './workspace';

export interface EtcdOptions {
  /** Where its data lies. Default: in the workspace. */
  readonly data?: string;
  /** Data of another etcd, which is copied first. */
  readonly startingWith?: string;
}

/** The API server's database: nothing of it outlives a run, so it needs no fsync. */
export class Etcd {
  static async start(workspace: Workspace, command: string, options: EtcdOptions = {}): Promise<Etcd> {
    const data = options.data ?? workspace.subfolder('etcd');
    if (options.startingWith !== undefined) await copySparse(options.startingWith, data);
    const url = `http://127.0.0.1:${await freePort()}`;
    const peerUrl = `http://127.0.0.1:${await freePort()}`;
    const process = ManagedProcess.start({
      workspace,
      name: 'etcd',
      command,
      args: [
        `--data-dir=${data}`,
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

/** Most of a write-ahead log is empty space. */
async function copySparse(from: string, to: string): Promise<void> {
  await runCommand('cp', ['--recursive', '--sparse=always', '--no-target-directory', from, to]);
}
