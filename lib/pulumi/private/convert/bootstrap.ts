import type * as pulumi from '@pulumi/pulumi';
import type { BootstrapProps } from '../../../bootstrap-props';
import { SidecarPackage } from '../../../sidecar-package';
import type { BootstrapArgs, SidecarPackageArgs } from '../../bootstrap-args';
import type { ArgumentProblems } from '../arguments';

/** How machines join, by a component's arguments. */
export function bootstrapPropsOf(problems: ArgumentProblems, args: pulumi.Unwrap<BootstrapArgs>): BootstrapProps {
  const { sidecarPackage, ...others } = args;
  return { ...others, sidecarPackage: sidecarPackage && packageOf(problems, sidecarPackage) };
}

function packageOf(problems: ArgumentProblems, args: pulumi.Unwrap<SidecarPackageArgs>): SidecarPackage | undefined {
  const { preinstalled, ...others } = args;
  // `preinstalled: false` says no more than leaving it out.
  return problems.one<pulumi.Unwrap<SidecarPackageArgs>, SidecarPackage>(
    'bootstrap.sidecarPackage',
    preinstalled === true ? args : others,
    {
      pinned: ({ baseUrl, ...checksums }) => SidecarPackage.pinned(checksums, baseUrl),
      published: ({ baseUrl }) => SidecarPackage.published(baseUrl),
      preinstalled: () => SidecarPackage.preinstalled(),
    },
  );
}
