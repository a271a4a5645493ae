import { LaunchTemplate } from '@pulumi/aws/ec2';
import type * as pulumi from '@pulumi/pulumi';
import { dependencies } from '../../core/register-objects';
import type { Ec2InstanceArgs, RootVolumeArgs } from '../ec2-instance-args';
import type { ScalingArgs } from '../scaling-args';
import type { ResolvedImage } from './machine-image';
import type { MachineRole } from './machine-role';
import { machineTags, type Tags } from './tags';

/** IMDSv2 alone, and by default from the machine itself and not from a container on it; tags of the machine can be read there. */
export function metadataOptions({ metadataHops = 1 }: Pick<Ec2InstanceArgs, 'metadataHops'>) {
  return {
    httpEndpoint: 'enabled',
    httpTokens: 'required',
    httpPutResponseHopLimit: metadataHops,
    instanceMetadataTags: 'enabled',
  };
}

/** The arguments that show in a launch template. */
export interface LaunchTemplateArgs
  extends Pick<Ec2InstanceArgs, 'rootVolume' | 'detailedMonitoring' | 'metadataHops'> {
  readonly instanceTypes: string[];
  readonly scaling?: ScalingArgs;
  readonly tags?: Tags;
}

/** What the machines of a launch template start with. */
export interface StartedMachines {
  readonly description: pulumi.Input<string>;
  readonly userData: pulumi.Input<string>;
  readonly image: ResolvedImage;
  readonly role: MachineRole;
  readonly securityGroupIds: pulumi.Input<string>[];
}

/** Registers what the machines of an EC2 Auto Scaling group start from. */
export function registerLaunchTemplate(
  parent: pulumi.ComponentResource,
  name: string,
  args: LaunchTemplateArgs,
  machines: StartedMachines,
  options: pulumi.ComponentResourceOptions | undefined,
): LaunchTemplate {
  const { description, userData, image, role, securityGroupIds } = machines;
  const tags = machineTags(name, args.tags);
  // A policy that looks every minute at metrics of every five scales late.
  const monitored = args.detailedMonitoring ?? args.scaling?.targetCpuPercent !== undefined;
  return new LaunchTemplate(
    `${name}-launch-template`,
    {
      description,
      imageId: image.imageId,
      instanceType: args.instanceTypes[0],
      userData,
      iamInstanceProfile: { arn: role.instanceProfile.arn },
      metadataOptions: metadataOptions(args),
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
