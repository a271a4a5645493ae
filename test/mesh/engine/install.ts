import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { builtPackage } from '../../package/built-package';

const ROOT = join(__dirname, '../../..');

/** Installs into the folder of a program what all that its package.json names needs, and `others`, from the repository. */
export function install(program: string, others: readonly string[] = []): void {
  const modules = join(program, 'node_modules');
  for (const name of ['@pulumi/pulumi', '@pulumi/kubernetes', 'cdk8s', 'constructs', 'yaml', ...others]) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  // A copy, because a link would find what is installed beside its target.
  cpSync(builtPackage(), join(modules, 'meshvm'), { recursive: true });
}
