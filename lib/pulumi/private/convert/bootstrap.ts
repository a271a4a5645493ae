import type * as pulumi from '@pulumi/pulumi';
import type { BootstrapProps } from '../../../bootstrap-props';
import { type HostFirewall, SshAccess } from '../../../host-firewall';
import { SidecarPackage } from '../../../sidecar-package';
import type { BootstrapArgs, HostFirewallArgs, SidecarPackageArgs, SshAccessArgs } from '../../bootstrap-args';
import type { ArgumentProblems } from '../arguments';

/** How machines join, by a component's arguments. */
export function bootstrapPropsOf(problems: ArgumentProblems, args: pulumi.Unwrap<BootstrapArgs>): BootstrapProps {
  const { sidecarPackage, hostFirewall, ...others } = args;
  return {
    ...others,
    sidecarPackage: sidecarPackage && packageOf(problems, sidecarPackage),
    hostFirewall: hostFirewall && firewallOf(problems, hostFirewall),
  };
}

function firewallOf(problems: ArgumentProblems, args: pulumi.Unwrap<HostFirewallArgs>): HostFirewall {
  // A wrong one is replaced, so that the rest is checked in the same run.
  return { ...args, ssh: sshOf(problems, args.ssh) ?? SshAccess.closed() };
}

function sshOf(problems: ArgumentProblems, args: pulumi.Unwrap<SshAccessArgs>): SshAccess | undefined {
  const { closed, ...others } = args ?? {};
  // `closed: false` says no more than leaving it out.
  return problems.one<pulumi.Unwrap<SshAccessArgs>, SshAccess>(
    'bootstrap.hostFirewall.ssh',
    closed === true ? args : others,
    {
      from: ({ cidrs }) => SshAccess.from(cidrs),
      closed: () => SshAccess.closed(),
    },
  );
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
