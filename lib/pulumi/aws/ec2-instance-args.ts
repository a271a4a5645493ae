import type * as pulumi from '@pulumi/pulumi';
import type { MachineImageArgs } from './machine-image-args';

/** What all EC2 machines have in common, whatever they do: what they start from, and what they may. */
export interface Ec2InstanceArgs {
  /**
   * The image that machines start from.
   * @default - the newest Ubuntu 24.04 for the processor of the instance types
   */
  readonly image?: MachineImageArgs;

  /**
   * The volume that machines start from: always encrypted, of type gp3, and gone with its machine.
   * @default - see each property of RootVolumeArgs
   */
  readonly rootVolume?: RootVolumeArgs;

  /**
   * Further security groups of the machines, for what does not concern the mesh.
   * @default []
   */
  readonly securityGroupIds?: pulumi.Input<string>[];

  /**
   * Whether machines can be managed by AWS Systems Manager (Session Manager). Its agent is on images of Amazon Linux and Ubuntu.
   * @default false
   */
  readonly ssm?: boolean;

  /**
   * ARN of the managed policy that bounds the permissions of the machines' IAM role.
   * @default - none
   */
  readonly permissionsBoundary?: pulumi.Input<string>;

  /**
   * Network hops that an answer of the instance metadata service may take, 1 to 64. With 2, containers on a machine reach the service, too,
   * and can then be what the machine is: they get the keys of its IAM role, by which it joins.
   * @default 1
   */
  readonly metadataHops?: pulumi.Input<number>;

  /**
   * Whether CloudWatch gets the machines' metrics each minute instead of every five.
   * @default - true for machines that scale by CPU, false otherwise
   */
  readonly detailedMonitoring?: boolean;

  /**
   * Tags of everything that is created in AWS, among it the machines with their volumes and network interfaces: tags of the provider
   * (`defaultTags`) do not reach those. Machines read theirs from the metadata service, for which EC2 admits letters, digits and
   * `+-=.,_:@` in a key. Tag `Name` of a machine is the component's name, unless it is given.
   * @default {}
   */
  readonly tags?: Record<string, pulumi.Input<string>>;
}

/** The volume that a machine starts from. */
export interface RootVolumeArgs {
  /**
   * Size in GiB, 1 to 65536: at least the image's.
   * @default - the image's
   */
  readonly sizeGib?: pulumi.Input<number>;

  /**
   * Operations per second, 3000 to 80000.
   * @default - 3000, which gp3 has for its price
   */
  readonly iops?: pulumi.Input<number>;

  /**
   * Throughput in MiB per second, 125 to 2000.
   * @default - 125, which gp3 has for its price
   */
  readonly throughputMibps?: pulumi.Input<number>;

  /**
   * ARN of the KMS key that encrypts the volume. The service-linked role of EC2 Auto Scaling must be allowed to use it, or no machine of
   * a fleet starts.
   * @default - the account's key for EBS
   */
  readonly kmsKeyId?: pulumi.Input<string>;
}
