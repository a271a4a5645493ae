import { LaunchTemplate } from '@pulumi/aws/ec2';
import * as pulumi from '@pulumi/pulumi';
import { dependencies } from '../../private/children';
import type { RootVolumeArgs } from '../ec2-machine-args';
import type { VmAutoScalingGroupArgs } from '../vm-auto-scaling-group';
import type { RegisteredMachines } from './ec2-machines';
import { machineTags } from './tags';

/** IMDSv2 alone, from the machine itself and not from a container on it; tags of the machine can be read there. */
export const METADATA_OPTIONS = {
  httpEndpoint: 'enabled',
  httpTokens: 'required',
  httpPutResponseHopLimit: 1,
  instanceMetadataTags: 'enabled',
};

/** Registers what the machines of a fleet start from. */
export function registerLaunchTemplate(
  parent: pulumi.ComponentResource,
  name: string,
  args: VmAutoScalingGroupArgs,
  machines: RegisteredMachines,
  options: pulumi.ComponentResourceOptions | undefined,
): LaunchTemplate {
  const { group, image, role, securityGroupIds } = machines;
  const tags = machineTags(name, args.tags);
  // A policy that looks every minute at metrics of every five scales late.
  const monitored = args.detailedMonitoring ?? args.scaling?.targetCpuPercent !== undefined;
  return new LaunchTemplate(
    `${name}-launch-template`,
    {
      description: pulumi.interpolate`Machines of the mesh: ${group.namespace}/${group.groupName}`,
      imageId: image.imageId,
      instanceType: args.instanceTypes[0],
      userData: group.userData,
      iamInstanceProfile: { arn: role.instanceProfile.arn },
      metadataOptions: METADATA_OPTIONS,
      networkInterfaces: [
        {
          deviceIndex: 0,
          associatePublicIpAddress: 'false',
          deleteOnTermination: 'true',
          securityGroups: securityGroupIds,
        },
      ],
      blockDeviceMappings: [{ deviceName: image.rootDeviceName, ebs: rootVolume(args.rootVolume) }],
      monitoring: { enabled: monitored },
      instanceInitiatedShutdownBehavior: 'terminate',
      // The provider's defaultTags end at the template.
      tagSpecifications: ['instance', 'volume', 'network-interface'].map((resourceType) => ({ resourceType, tags })),
      tags: args.tags,
      updateDefaultVersion: true,
    },
    { parent, dependsOn: dependencies(options) },
  );
}

function rootVolume({ sizeGib, iops, throughputMibps, kmsKeyId }: RootVolumeArgs = {}) {
  return {
    volumeType: 'gp3',
    encrypted: 'true',
    deleteOnTermination: 'true',
    volumeSize: sizeGib,
    iops,
    throughput: throughputMibps,
    kmsKeyId,
  };
}
