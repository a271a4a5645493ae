import type * as pulumi from '@pulumi/pulumi';
import type { GroupReferenceArgs, MachineReferenceArgs } from '../machines/reference-args';

/** Whose workloads a policy is about. Exactly one property must be set. */
export interface WorkloadTargetArgs {
  /**
   * The machines of a group. Labels select: pods of the namespace with the group's `app` and `version` fall under the policy too.
   * @default - another property is set
   */
  readonly group?: GroupReferenceArgs;

  /**
   * One machine with a fixed address, that no other of the program shares its `canonicalService` and `version` with.
   * @default - another property is set
   */
  readonly machine?: MachineReferenceArgs;

  /**
   * All workloads of a namespace, machines and pods.
   * @default - another property is set
   */
  readonly namespace?: pulumi.Input<string>;

  /**
   * `true`: all workloads of the mesh, its gateways among them.
   * @default - another property is set
   */
  readonly mesh?: boolean;
}
