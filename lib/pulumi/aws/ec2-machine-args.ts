import type * as pulumi from '@pulumi/pulumi';
import type { BootstrapArgs } from '../bootstrap-args';
import type { MachineArgs } from '../machine-args';
import type { GatewayReferenceArgs } from '../mesh-vm-group';
import type { ProbeArgs } from '../probe-args';
import type { ApplicationArgs } from '../user-data-args';
import type { EksClusterArgs } from './eks-cluster-args';
import type { MachineImageArgs } from './machine-image-args';
import type { SecurityGroupPeersArgs } from './security-group-args';

/** What all EC2 machines of the mesh have in common: who they are, what they start from and whom they reach. */
export interface Ec2MachineArgs extends MachineArgs {
  /** The EKS cluster whose mesh the machines join: `{ name }` is enough. */
  readonly cluster: EksClusterArgs;

  /** Whom machines reach, and who reaches them: `{ gateway }` is enough where pods and API server carry the cluster security group. */
  readonly peers: SecurityGroupPeersArgs;

  /**
   * The gateway through which machines reach istiod: an EastWestGateway, or what is known of one. Needed unless the mesh has
   * `istiodDnsName`.
   * @default - none
   */
  readonly gateway?: GatewayReferenceArgs;

  /**
   * How the sidecar finds out whether the application is ready.
   * @default - no probe: a machine takes traffic as soon as it is connected
   */
  readonly probe?: ProbeArgs;

  /**
   * How machines join and stay in the mesh.
   * @default - see each property of BootstrapArgs; `sidecarPackage` is `preinstalled` for an image with `preinstalled`
   */
  readonly bootstrap?: BootstrapArgs;

  /**
   * The image that machines start from.
   * @default - the newest Ubuntu 24.04 for the processor of the instance types
   */
  readonly image?: MachineImageArgs;

  /**
   * What else a machine does at its first boot: install, start and configure the application. User-data holds at most 16 KB, of which
   * meshvm takes some 15; more than that is compressed. No secret may be among it.
   * @default - nothing: the application is on the image
   */
  readonly application?: ApplicationArgs;

  /**
   * The volume that machines start from: always encrypted, of type gp3, and gone with its machine.
   * @default - see each property of RootVolumeArgs
   */
  readonly rootVolume?: RootVolumeArgs;

  /**
   * VPC of the machines' security group.
   * @default - the cluster's
   */
  readonly vpcId?: pulumi.Input<string>;

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
   * Whether CloudWatch gets the machines' metrics each minute instead of every five.
   * @default - true for a fleet that scales by CPU, false otherwise
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
