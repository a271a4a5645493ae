/** The command `pulumi-resource-meshvm`, which Pulumi's engine starts for programs in other languages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { provider } from '@pulumi/pulumi';
import { MeshvmProvider } from './meshvm-provider';

const schema = readFileSync(join(__dirname, 'schema.json'), 'utf8');
void provider.main(new MeshvmProvider(schema, () => import('../lib/pulumi/aws')), process.argv.slice(2));
