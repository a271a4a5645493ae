import type * as pulumi from '@pulumi/pulumi';
import { EnvoyPackage } from '../../../standalone/envoy-package';
import type { ArgumentProblems } from '../../core/arguments';
import type { EnvoyPackageArgs } from '../envoy-package-args';

/** Where a machine has Envoy from; for what is wrong, something with which the rest can be checked. */
export function envoyPackageOf(
  problems: ArgumentProblems,
  path: string,
  args: pulumi.Unwrap<EnvoyPackageArgs>,
): EnvoyPackage {
  const found = problems.one<pulumi.Unwrap<EnvoyPackageArgs>, EnvoyPackage>(path, args, {
    binary: (binaries) => EnvoyPackage.binary(binaries),
    preinstalled: ({ path: program }) => EnvoyPackage.preinstalled(program),
  });
  return found ?? EnvoyPackage.preinstalled();
}
