import { join } from 'node:path';
import { http } from '../harness/http';
import { freePort } from '../harness/ports';
import { ManagedProcess } from '../harness/process';
import type { Workspace } from '../harness/workspace';
import { toolFolder } from '../tools/tools';

const ROOT_TOKEN = 'root';

/** What Vault answered. */
export interface VaultAnswer {
  readonly status: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly auth: Readonly<Record<string, unknown>>;
  readonly errors: readonly string[];
}

/** A real Vault in memory. */
export class Vault {
  static async start(workspace: Workspace): Promise<Vault> {
    const command = join(await toolFolder('vault'), 'vault');
    const address = `127.0.0.1:${await freePort()}`;
    const args = ['server', '-dev', '-dev-no-store-token', `-dev-root-token-id=${ROOT_TOKEN}`];
    const process = ManagedProcess.start({
      workspace,
      name: 'vault',
      command,
      args: [...args, `-dev-listen-address=${address}`],
    });
    const vault = new Vault(command, process, `http://${address}`);
    await process.waitUntil('it is unsealed', async () => (await vault.call('GET', 'sys/health')).status === 200);
    return vault;
  }

  private constructor(
    readonly command: string,
    readonly process: ManagedProcess,
    readonly url: string,
  ) {}

  /** Writes with all rights, and fails when Vault refuses. */
  async write(path: string, data: Readonly<Record<string, unknown>>): Promise<VaultAnswer> {
    const answer = await this.call('POST', path, data);
    if (answer.status >= 300) throw new Error(`Vault refused ${path} (${answer.status}): ${answer.errors.join('; ')}`);
    return answer;
  }

  /** Any call, by default with all rights. */
  async call(
    method: string,
    path: string,
    data?: Readonly<Record<string, unknown>>,
    token = ROOT_TOKEN,
  ): Promise<VaultAnswer> {
    const { status, body } = await http({
      url: `${this.url}/v1/${path}`,
      method,
      headers: { 'x-vault-token': token },
      body: data && JSON.stringify(data),
    });
    const answer = (body === '' ? {} : JSON.parse(body)) as Partial<VaultAnswer>;
    return { status, data: answer.data ?? {}, auth: answer.auth ?? {}, errors: answer.errors ?? [] };
  }
}
