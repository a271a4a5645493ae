import type * as pulumi from '@pulumi/pulumi';
import type { AutoScalingArgs } from './auto-scaling-args';
import type { Ec2MachineArgs } from './ec2-machine-args';
import type { DrainArgs, LaunchHookArgs, SpotArgs, WarmPoolArgs } from './fleet-args';

/** Arguments of VmAutoScalingGroup. */
export interface VmAutoScalingGroupArgs extends Ec2MachineArgs, AutoScalingArgs {
  /**
   * Spot machines.
   * @default - on-demand machines only
   */
  readonly spot?: SpotArgs;

  /**
   * Machines that have booted and wait.
   * @default - none
   */
  readonly warmPool?: WarmPoolArgs;

  /**
   * When a machine counts as in service.
   * @default - when it is healthy in the mesh
   */
  readonly launchHook?: LaunchHookArgs;

  /**
   * How machines leave.
   * @default - see each property of DrainArgs
   */
  readonly drain?: DrainArgs;

  /**
   * Seconds that a machine in service still warms up: its metrics don't count, and a rollout doesn't go on. 0 to 3600.
   * @default - 60, and 300 without a launch hook
   */
  readonly warmupSeconds?: pulumi.Input<number>;

  /**
   * Seconds that a deployment waits until `minSize` machines are in service; 0 doesn't wait. A deployment that waits in vain fails and
   * leaves the fleet marked as broken: read its scaling activities.
   * @default - twice the launch hook's timeoutSeconds and 300 more
   */
  readonly capacityTimeoutSeconds?: number;
}
