import type * as pulumi from '@pulumi/pulumi';
import { MachineDiscovery } from '../../../observability/machine-discovery';
import type { ArgumentProblems } from '../../core/arguments';
import type { MachineDiscoveryArgs } from '../machine-discovery-args';

/** How machines are found, by a component's arguments; of what is wrong, which is noted, something with which the rest can be checked. */
export function discoveryOf(
  problems: ArgumentProblems,
  path: string,
  args: pulumi.Unwrap<MachineDiscoveryArgs>,
): MachineDiscovery {
  for (const list of ['addresses', 'files']) problems.rename(`${path}.${list}.${list}`, `${path}.${list}`);
  const discovery = problems.one<pulumi.Unwrap<MachineDiscoveryArgs>, MachineDiscovery>(path, args, {
    addresses: (addresses) => MachineDiscovery.addresses(addresses),
    ec2: (ec2) => MachineDiscovery.ec2(ec2),
    gce: (gce) => MachineDiscovery.gce(gce),
    azure: (azure) => MachineDiscovery.azure(azure),
    files: (files) => MachineDiscovery.files(files),
    http: (url) => MachineDiscovery.http(url),
  });
  return discovery ?? MachineDiscovery.addresses(['192.0.2.1']);
}
