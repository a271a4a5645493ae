import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command';
import { dependencyFolder, goIngredients, moduleFolder, type Tool } from './tool';

const CLI = moduleFolder('pulumi');
const PROVIDER = moduleFolder('pulumi-kubernetes');
const PROVIDER_MODULE = 'github.com/pulumi/pulumi-kubernetes/provider/v4';

/** Pulumi's CLI, in which its engine is. The Automation API asks for the version that a release has linked in. */
export const PULUMI: Tool = {
  ingredients: async () => [readFileSync(__filename), ...(await goIngredients(CLI))],
  make: async (folder) => {
    const sdk = 'github.com/pulumi/pulumi/sdk/v3';
    const version = await run('go', ['list', '-m', '-f', '{{.Version}}', sdk], CLI);
    const flags = linked(`${sdk}/go/common/version.Version`, version);
    await run(
      'go',
      ['build', ...flags, '-o', join(folder, 'pulumi'), 'github.com/pulumi/pulumi/pkg/v3/cmd/pulumi'],
      CLI,
    );
  },
};

/**
 * Pulumi's Kubernetes provider: unchanged source, of the newest version that is published as a Go module. It calls itself by the version
 * that `@pulumi/kubernetes` asks the engine for.
 *
 * Its own command embeds two files that are generated for a release and are in no module; ours embeds what they are generated from.
 */
export const PULUMI_KUBERNETES: Tool = {
  ingredients: async () => [
    readFileSync(__filename),
    readFileSync(join(PROVIDER, 'main.go')),
    sdkVersion(),
    ...(await goIngredients(PROVIDER)),
  ],
  make: async (folder) => {
    const sources = join(await dependencyFolder(PROVIDER, PROVIDER_MODULE), 'cmd/pulumi-resource-kubernetes');
    const schema = JSON.parse(readFileSync(join(sources, 'schema.json'), 'utf8'));
    const schemaFile = join(folder, 'schema.json');
    writeFileSync(schemaFile, JSON.stringify({ ...schema, version: sdkVersion() }));
    const overlay = join(folder, 'overlay.json');
    const embedded = {
      [join(PROVIDER, 'schema.json')]: schemaFile,
      [join(PROVIDER, 'terraform-mapping.json')]: join(sources, 'terraform-mapping.json'),
    };
    writeFileSync(overlay, JSON.stringify({ Replace: embedded }));
    const flags = ['-overlay', overlay, ...linked(`${PROVIDER_MODULE}/pkg/version.Version`, sdkVersion())];
    await run('go', ['build', ...flags, '-o', join(folder, 'pulumi-resource-kubernetes'), '.'], PROVIDER);
    for (const file of [schemaFile, overlay]) rmSync(file);
  },
};

function sdkVersion(): string {
  return (JSON.parse(readFileSync(require.resolve('@pulumi/kubernetes/package.json'), 'utf8')) as { version: string })
    .version;
}

/** Flags of a build that sets a variable, without symbols and paths of this computer. */
function linked(variable: string, value: string): readonly string[] {
  return ['-trimpath', '-ldflags', `-s -w -X ${variable}=${value}`];
}
