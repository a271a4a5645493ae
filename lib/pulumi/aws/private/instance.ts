import { isIPv4 } from 'node:net';
import { Instance } from '@pulumi/aws/ec2';
import type * as pulumi from '@pulumi/pulumi';
import { isDeferred } from '../../../core/problems';
import type { ArgumentProblems } from '../../core/arguments';
import { dependencies } from '../../core/register-objects';
import type { VirtualMachineArgs } from '../virtual-machine-args';
import { checkSubnetId } from './ec2-machine-checks';
import type { RegisteredMachines } from './ec2-machines';
import { metadataOptions } from './launch-template';
import { notAllowed } from './reasons';
import { machineTags } from './tags';

/** Notes what is wrong with the place of a machine. */
export function checkPlace(problems: ArgumentProblems, { subnetId, privateIp }: VirtualMachineArgs): void {
  checkSubnetId(problems, 'subnetId', subnetId);
  if (privateIp !== undefined && !isDeferred(privateIp) && !isIPv4(String(privateIp))) {
    problems.add('privateIp', notAllowed(privateIp, 'an IPv4 address of the subnet'));
  }
}

/** Registers one machine. */
export function registerInstance(
  parent: pulumi.ComponentResource,
  name: string,
  args: VirtualMachineArgs,
  machines: RegisteredMachines,
  options: pulumi.ComponentResourceOptions | undefined,
): Instance {
  const { instanceType, subnetId, privateIp, replaceOnUserDataChange = true, disableApiTermination = false } = args;
  const { sizeGib, iops, throughputMibps, kmsKeyId } = args.rootVolume ?? {};
  const { group, image, role, securityGroupIds, ready } = machines;
  const tags = machineTags(name, args.tags);
  return new Instance(
    `${name}-instance`,
    {
      ami: image.imageId,
      instanceType,
      subnetId,
      privateIp,
      associatePublicIpAddress: false,
      vpcSecurityGroupIds: securityGroupIds,
      iamInstanceProfile: role.instanceProfile.name,
      userDataBase64: group.userData,
      userDataReplaceOnChange: replaceOnUserDataChange,
      metadataOptions: metadataOptions(args),
      rootBlockDevice: {
        volumeType: 'gp3',
        encrypted: true,
        deleteOnTermination: true,
        volumeSize: sizeGib,
        iops,
        throughput: throughputMibps,
        kmsKeyId,
        tags,
      },
      monitoring: args.detailedMonitoring ?? false,
      disableApiTermination,
      tags,
    },
    {
      parent,
      dependsOn: [...dependencies(options), ...ready],
      // An address belongs to one machine at a time.
      deleteBeforeReplace: privateIp !== undefined,
    },
  );
}
