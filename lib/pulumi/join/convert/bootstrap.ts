import type * as pulumi from '@pulumi/pulumi';
import type { BootstrapProps } from '../../../join/bootstrap-props';
import { type HostFirewall, SshAccess } from '../../../join/host-firewall';
import { SidecarPackage } from '../../../join/sidecar-package';
import { DnsMode } from '../../../mesh/dns-mode';
import type { ArgumentProblems } from '../../core/arguments';
import type {
  BootstrapArgs,
  DnsModeArgs,
  HostFirewallArgs,
  SidecarPackageArgs,
  SshAccessArgs,
} from '../bootstrap-args';
import { subjectOf } from './subject';

/** How machines join, by a component's arguments. */
export function bootstrapPropsOf(problems: ArgumentProblems, args: pulumi.Unwrap<BootstrapArgs>): BootstrapProps {
  const { sidecarPackage, hostFirewall, dns, editors, ...others } = args;
  return {
    ...others,
    sidecarPackage: sidecarPackage && packageOf(problems, sidecarPackage),
    hostFirewall: hostFirewall && firewallOf(problems, hostFirewall),
    dns: dns && dnsOf(problems, dns),
    editors: editors?.flatMap((editor, index) => subjectOf(problems, `bootstrap.editors[${index}]`, editor) ?? []),
  };
}

function firewallOf(problems: ArgumentProblems, args: pulumi.Unwrap<HostFirewallArgs>): HostFirewall {
  // A wrong one is replaced, so that the rest is checked in the same run.
  return { ...args, ssh: sshOf(problems, args.ssh) ?? SshAccess.closed() };
}

function sshOf(problems: ArgumentProblems, args: pulumi.Unwrap<SshAccessArgs>): SshAccess | undefined {
  return problems.one<pulumi.Unwrap<SshAccessArgs>, SshAccess>('bootstrap.hostFirewall.ssh', args, {
    from: ({ cidrs }) => SshAccess.from(cidrs),
    closed: () => SshAccess.closed(),
  });
}

function dnsOf(problems: ArgumentProblems, args: pulumi.Unwrap<DnsModeArgs>): DnsMode | undefined {
  return problems.one<pulumi.Unwrap<DnsModeArgs>, DnsMode>('bootstrap.dns', args, {
    capture: () => DnsMode.capture(),
    split: (options) => DnsMode.split(options),
    coreDns: ({ address, ...options }) => DnsMode.coreDns(address, options),
    off: () => DnsMode.off(),
  });
}

function packageOf(problems: ArgumentProblems, args: pulumi.Unwrap<SidecarPackageArgs>): SidecarPackage | undefined {
  return problems.one<pulumi.Unwrap<SidecarPackageArgs>, SidecarPackage>('bootstrap.sidecarPackage', args, {
    pinned: ({ baseUrl, ...checksums }) => SidecarPackage.pinned(checksums, baseUrl),
    published: ({ baseUrl }) => SidecarPackage.published(baseUrl),
    preinstalled: () => SidecarPackage.preinstalled(),
  });
}
