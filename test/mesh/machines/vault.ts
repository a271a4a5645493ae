import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../aws/cached';
import { http } from '../harness/http';
import { freePort } from '../harness/ports';
import { ManagedProcess } from '../harness/process';
import type { Workspace } from '../harness/workspace';
import type { Tools } from '../tools/tools';

const SOURCES = join(__dirname, '../tools/vault');
const MODULE = 'github.com/hashicorp/vault';
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
  static async start(tools: Tools, workspace: Workspace): Promise<Vault> {
    const command = join(cached(tools, 'vault', join(SOURCES, 'go.sum'), build), 'vault');
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

/**
 * Vault 1.21.4, without the plugins for clouds and databases (its build tag `minimal`). Its module asks for a version of Vault's SDK that does not
 * fit: the one that Vault is released with lies beside it in the repository, and was never published. Three lines are made to fit the one that
 * was; they belong to the restoring of transit keys and to a switch of the identity store, of which no test asks anything.
 */
function build(output: string): void {
  const go = (args: readonly string[]) => execFileSync('go', args, { cwd: SOURCES, encoding: 'utf8' }).trim();
  const { Dir } = JSON.parse(go(['mod', 'download', '-json', `${MODULE}@${version()}`])) as { readonly Dir: string };
  const source = join(output, 'source');
  mkdirSync(source);
  execFileSync('cp', ['-r', '--no-preserve=mode', `${Dir}/.`, source]);
  rmSync(join(source, 'ui'), { recursive: true, force: true });
  for (const [file, old, fitting] of FITTED) {
    const text = readFileSync(join(source, file), 'utf8');
    if (text.split(old).length !== 2) throw new Error(`${file} of Vault has changed: look for "${old}"`);
    writeFileSync(join(source, file), text.replace(old, fitting));
  }
  for (const file of ['go.mod', 'go.sum']) cpSync(join(SOURCES, file), join(output, file));
  go(['mod', 'edit', `-replace=${MODULE}=${source}`, join(output, 'go.mod')]);
  const flags = ['-tags', 'minimal', '-trimpath', '-ldflags', '-s -w', `-modfile=${join(output, 'go.mod')}`];
  go(['build', ...flags, '-o', join(output, 'vault'), MODULE]);
  rmSync(source, { recursive: true });
}

function version(): string {
  const found = new RegExp(`^\\s*${MODULE} (v[0-9.]+)`, 'm').exec(readFileSync(join(SOURCES, 'go.mod'), 'utf8'));
  if (found === null) throw new Error(`${SOURCES}/go.mod does not name ${MODULE}`);
  return found[1];
}

const FITTED: readonly (readonly [file: string, old: string, fitting: string])[] = [
  [
    'builtin/logical/transit/path_restore.go',
    'restoredKeyName, err := b.lm.RestorePolicy(',
    'restoredKeyName, err := keyName, b.lm.RestorePolicy(',
  ],
  [
    'vault/identity_store_util.go',
    'activateDeduplication(ctx context.Context, req *logical.Request) error',
    'activateDeduplication(ctx context.Context, req *logical.Request, _ string) error',
  ],
  [
    'vault/logical_system_activation_flags.go',
    'idStoreBackend.ActivationFunc(ctx, nil)',
    'idStoreBackend.ActivationFunc(ctx, nil, "")',
  ],
];
