/**
 * Writes the schema of the package, which Pulumi makes SDKs for other languages of: `tsx projenrc/provider/package-schema.ts FILE`. It is what
 * Pulumi's own analyzer reads from the types of the components, with the names that users of those languages expect.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ComponentResource } from '@pulumi/pulumi';
import { ComponentProvider } from '@pulumi/pulumi/provider/experimental';
import * as exported from '../../provider';
import { type PackageSchema, sdkSchema } from './sdk-schema';

const ROOT = join(__dirname, '../..');

type Component = ConstructorParameters<typeof ComponentProvider>[0]['components'][number];

/** The schema as it is published. It takes some seconds, once. */
export function packageSchema(): Promise<PackageSchema> {
  made ??= makeSchema();
  return made;
}

let made: Promise<PackageSchema> | undefined;

async function makeSchema(): Promise<PackageSchema> {
  const components = Object.values(exported).filter(
    (value) => typeof value === 'function' && value.prototype instanceof ComponentResource,
  ) as unknown as Component[];
  const { version } = require('../../package.json') as { readonly version: string };
  const options = { components, dirname: join(ROOT, 'provider'), name: 'meshvm', version };
  return sdkSchema(JSON.parse(await new ComponentProvider(options).getSchema()));
}

export async function writePackageSchema(file: string): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(await packageSchema())}\n`);
}

if (require.main === module) void writePackageSchema(process.argv[2]);
