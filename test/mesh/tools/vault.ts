import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command';
import { copyTree } from './module-files';
import { dependencyFolder, GO_FLAGS, goIngredients, moduleFolder, type Tool } from './tool';

const MODULE = moduleFolder('vault');
const VAULT_MODULE = 'github.com/hashicorp/vault';

/**
 * Vault 1.21.4, without the plugins for clouds and databases (its build tag `minimal`). Its module asks for a version of Vault's SDK that does not
 * fit: the one that Vault is released with lies beside it in the repository, and was never published. Three lines are made to fit the one that
 * was; they belong to the restoring of transit keys and to a switch of the identity store, of which no test asks anything.
 */
export const VAULT: Tool = {
  ingredients: async () => [readFileSync(__filename), ...(await goIngredients(MODULE))],
  make: async (folder) => {
    const source = join(folder, 'source');
    copyTree(await dependencyFolder(MODULE, VAULT_MODULE), source);
    rmSync(join(source, 'ui'), { recursive: true, force: true });
    for (const [file, old, fitting] of FITTED) {
      const text = readFileSync(join(source, file), 'utf8');
      if (text.split(old).length !== 2) throw new Error(`${file} of Vault has changed: look for "${old}"`);
      writeFileSync(join(source, file), text.replace(old, fitting));
    }
    for (const file of ['go.mod', 'go.sum']) cpSync(join(MODULE, file), join(folder, file));
    const modFile = join(folder, 'go.mod');
    await run('go', ['mod', 'edit', `-replace=${VAULT_MODULE}=${source}`, modFile], MODULE);
    const flags = ['-tags', 'minimal', ...GO_FLAGS, `-modfile=${modFile}`];
    await run('go', ['build', ...flags, '-o', join(folder, 'vault'), VAULT_MODULE], MODULE);
    rmSync(source, { recursive: true });
  },
  onDemand: true,
};

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
