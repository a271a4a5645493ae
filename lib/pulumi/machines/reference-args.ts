import type * as pulumi from '@pulumi/pulumi';
import type { MachinePortArgs } from './vm-service-args';

/**
 * A group of machines, as others need to know it: a MeshVmGroup of the program, of which everything is known, or its outputs by their
 * names. Where outputs alone are given, nobody knows the group's Services, and so they are not looked at.
 */
export interface GroupReferenceArgs {
  /** Name of the WorkloadGroup. */
  readonly groupName: pulumi.Input<string>;

  /** Namespace of the group. */
  readonly namespace: pulumi.Input<string>;

  /** ServiceAccount that the machines run as. */
  readonly serviceAccount: pulumi.Input<string>;

  /** Labels that each machine carries: `app` and `version` at least. */
  readonly labels: pulumi.Input<Record<string, string>>;

  /**
   * Ports on which the application listens. Of a group by its outputs they are needed where other arguments name a port.
   * @default - those of the MeshVmGroup
   */
  readonly ports?: MachinePortArgs[];
}

/**
 * A machine with a fixed address, as others need to know it: a MeshVm of the program, of which everything is known, or its outputs by
 * their names.
 */
export interface MachineReferenceArgs {
  /** Name of the WorkloadEntry. */
  readonly machineName: pulumi.Input<string>;

  /** Namespace of the machine. */
  readonly namespace: pulumi.Input<string>;

  /** ServiceAccount that the machine runs as. */
  readonly serviceAccount: pulumi.Input<string>;

  /** Labels of the machine: `app` and `version` at least. */
  readonly labels: pulumi.Input<Record<string, string>>;

  /**
   * Ports on which the application listens. Of a machine by its outputs they are needed where other arguments name a port.
   * @default - those of the MeshVm
   */
  readonly ports?: MachinePortArgs[];
}
