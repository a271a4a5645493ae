import type * as pulumi from '@pulumi/pulumi';
import type { RolloutArgs } from './fleet-args';
import type { ScalingArgs } from './scaling-args';

/** What all groups of EC2 machines have in common: where they start, how many there are, and how they are replaced. */
export interface AutoScalingArgs {
  /** Private subnets that machines start in; several, in different zones, survive the loss of one. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;

  /**
   * Types of the machines, all of one processor architecture, such as `['m7g.large']`. Of several, on-demand machines are the first that
   * is to be had; Spot machines are chosen by SpotArgs.allocationStrategy, for which more types are better.
   */
  readonly instanceTypes: string[];

  /** Machines that there are at least. */
  readonly minSize: pulumi.Input<number>;

  /** Machines that there are at most. */
  readonly maxSize: pulumi.Input<number>;

  /**
   * Machines that there are right after each deployment. Not together with `scaling`, which it would undo.
   * @default - minSize at first, then what scaling makes of it
   */
  readonly desiredCapacity?: pulumi.Input<number>;

  /**
   * How the group grows and shrinks.
   * @default - it stays as it is
   */
  readonly scaling?: ScalingArgs;

  /**
   * How changes reach the machines.
   * @default - see each property of RolloutArgs
   */
  readonly rollout?: RolloutArgs;

  /**
   * Days after which a machine is replaced, 1 to 365: its image, packages and keys don't get older.
   * @default - never
   */
  readonly maxLifetimeDays?: pulumi.Input<number>;

  /**
   * Name of the EC2 Auto Scaling group in AWS, unique in its region. It can't change later: another one makes another group.
   * @default - '<project>-<stack>-<component>'
   */
  readonly autoScalingGroupName?: string;
}
