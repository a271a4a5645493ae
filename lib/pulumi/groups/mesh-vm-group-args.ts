import type * as pulumi from '@pulumi/pulumi';
import type { BootstrapArgs } from '../join/bootstrap-args';
import type { MachineIdentityArgs } from '../join/machine-identity-args';
import type { UserDataArgs } from '../join/user-data-args';
import type { ProbeArgs } from '../machines/kubernetes-probe-args';
import type { MachineArgs } from '../machines/machine-args';

/** Arguments of MeshVmGroup. */
export interface MeshVmGroupArgs extends MachineArgs {
  /**
   * How the sidecar finds out whether the application is ready.
   * @default - no probe: a machine takes traffic as soon as it is connected
   */
  readonly probe?: ProbeArgs;

  /**
   * How a machine proves who it is when it joins by itself. With it the group has its bootstrap bundle, the machines' rights and the guards
   * over both. Needs Kubernetes 1.31 or later.
   * @default - machines get their files by other means
   */
  readonly identity?: MachineIdentityArgs;

  /**
   * The gateway through which machines reach istiod: an EastWestGateway, or what is known of one. Needed with `identity`, unless the mesh
   * has `istiodAccess.dnsName`.
   * @default - none
   */
  readonly gateway?: GatewayReferenceArgs;

  /**
   * How machines join and stay in the mesh. Needs `identity`.
   * @default - see each property of BootstrapArgs
   */
  readonly bootstrap?: BootstrapArgs;

  /**
   * What a new machine is told at its first boot: makes the output `userData`. Needs `identity`.
   * @default - no user-data
   */
  readonly userData?: UserDataArgs;
}

/** An east-west gateway, as a group needs to know it. An EastWestGateway is one. */
export interface GatewayReferenceArgs {
  /** Name of the Service whose address machines dial. */
  readonly serviceName: pulumi.Input<string>;

  /**
   * Namespace of that Service.
   * @default - the control plane's
   */
  readonly namespace?: pulumi.Input<string>;
}
