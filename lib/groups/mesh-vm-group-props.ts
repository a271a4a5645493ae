import type { Acknowledging } from '../core/acknowledging';
import type { IEastWestGateway } from '../gateway/east-west-gateway-props';
import type { BootstrapProps } from '../join/bootstrap-props';
import type { MachineIdentity } from '../join/machine-identity';
import type { KubernetesProbe } from '../machines/kubernetes-probe';
import type { MachineProps } from '../machines/machine-props';
import type { MachinePort } from '../machines/vm-service';
import type { Locality } from '../mesh/locality';

/** Properties of MeshVmGroup. */
export interface MeshVmGroupProps extends MachineProps, Acknowledging {
  /**
   * How the sidecar finds out whether the application is ready.
   * @default - no probe: a machine takes traffic as soon as it is connected
   */
  readonly probe?: KubernetesProbe;

  /**
   * How a machine proves who it is when it joins by itself. With it the group emits its bootstrap bundle, the machines' rights and the
   * guards over both. Needs Kubernetes 1.31 or later, whose admission policies can judge addresses.
   * @default - machines get their files by other means, such as `istioctl x workload entry configure`
   */
  readonly identity?: MachineIdentity;

  /**
   * The gateway through which machines reach istiod: their hosts entry follows its address. Needed with `identity`, unless the mesh has
   * `istiodAccess.dnsName`.
   * @default - none
   */
  readonly gateway?: IEastWestGateway;

  /**
   * How machines join and stay in the mesh. Needs `identity`.
   * @default - see each property of BootstrapProps
   * @argsDefault - see each property of BootstrapArgs
   */
  readonly bootstrap?: BootstrapProps;
}

/**
 * Properties of MeshVmGroup.addMachine.
 * @argsOmit
 */
export interface GroupMachineProps {
  /** IP address of the machine. */
  readonly address: string;

  /**
   * Name of the machine's WorkloadEntry.
   * @default - name of the group, "-", and the construct's id
   */
  readonly name?: string;

  /**
   * Ports of this machine, where they have other numbers than the group's.
   * @default - the group's ports
   */
  readonly ports?: readonly MachinePort[];

  /**
   * Region and zone.
   * @default - the group's
   */
  readonly locality?: Locality;

  /**
   * Share of the traffic, 1 to 65535.
   * @default - the group's
   */
  readonly weight?: number;

  /**
   * Whether a sidecar runs on the machine: see MeshVmProps.
   * @default true
   */
  readonly sidecar?: boolean;
}
