import type * as pulumi from '@pulumi/pulumi';
import type { GatewayReferenceArgs } from '../groups/mesh-vm-group-args';
import type { BootstrapArgs } from '../join/bootstrap-args';
import type { ApplicationArgs } from '../join/user-data-args';
import type { ProbeArgs } from '../machines/kubernetes-probe-args';
import type { MachineArgs } from '../machines/machine-args';
import type { Ec2InstanceArgs } from './ec2-instance-args';
import type { EksClusterArgs } from './eks-cluster-args';
import type { SecurityGroupPeersArgs } from './security-group-args';

/** What all EC2 machines of the mesh have in common: who they are, what they start from and whom they reach. */
export interface Ec2MachineArgs extends MachineArgs, Ec2InstanceArgs {
  /** The EKS cluster whose mesh the machines join: `{ name }` is enough. */
  readonly cluster: EksClusterArgs;

  /** Whom machines reach, and who reaches them: `{ gateway }` is enough where pods and API server carry the cluster security group. */
  readonly peers: SecurityGroupPeersArgs;

  /**
   * The gateway through which machines reach istiod: an EastWestGateway, or what is known of one. Needed unless the mesh has
   * `istiodAccess.dnsName`.
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
   * What else a machine does at its first boot: install, start and configure the application. User-data holds at most 16 KB, of which
   * meshvm takes some 15; more than that is compressed. No secret may be among it.
   * @default - nothing: the application is on the image
   */
  readonly application?: ApplicationArgs;

  /**
   * VPC of the machines' security group. Needed with `cluster.provider` and `cluster.region`.
   * @default - the cluster's
   */
  readonly vpcId?: pulumi.Input<string>;
}
