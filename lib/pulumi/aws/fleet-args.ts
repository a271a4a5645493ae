import type * as pulumi from '@pulumi/pulumi';

/** Spot machines in a fleet. A Spot machine that AWS wants back has two minutes; the fleet starts another one before, where it can. */
export interface SpotArgs {
  /**
   * Machines that are on-demand before any Spot machine starts.
   * @default 0
   */
  readonly onDemandBaseCapacity?: pulumi.Input<number>;

  /**
   * Share of on-demand machines above `onDemandBaseCapacity`, in percent.
   * @default 0
   */
  readonly onDemandPercentageAboveBaseCapacity?: pulumi.Input<number>;

  /**
   * How AWS chooses among instance types and zones.
   * @default SpotAllocationStrategy.PriceCapacityOptimized
   */
  readonly allocationStrategy?: SpotAllocationStrategy;

  /**
   * Most that is paid for a machine, in USD an hour. AWS advises against it: machines are then interrupted more often.
   * @default - the on-demand price
   */
  readonly maxPrice?: pulumi.Input<string>;
}

/** How AWS chooses Spot machines. */
export enum SpotAllocationStrategy {
  /** From the pools that are least likely to be interrupted, the cheapest. */
  PriceCapacityOptimized = 'price-capacity-optimized',
  /** From the pools that are least likely to be interrupted. */
  CapacityOptimized = 'capacity-optimized',
  /** The same, but in the order of the instance types where that costs little. */
  CapacityOptimizedPrioritized = 'capacity-optimized-prioritized',
}

/**
 * How a change of user-data, image or instance type reaches the machines of a fleet: an instance refresh replaces them, a few at a time.
 * Pulumi starts it and does not wait for it; the next `pulumi up` that changes machines again cancels it.
 *
 * Machines of a VmAutoScalingGroup follow changes of its settings (ports, probe, mesh) by themselves: those are not in the user-data. Of a
 * ForwardingProxyGroup all is.
 */
export interface RolloutArgs {
  /**
   * Whether a change replaces machines. Otherwise only new machines get it.
   * @default true
   */
  readonly automatic?: boolean;

  /**
   * Share of the desired machines that are in service at any time, in percent, 0 to 100. It counts for every replacement, too: of machines
   * that are unhealthy, in the wrong zone or too old.
   * @default 100
   */
  readonly minHealthyPercentage?: pulumi.Input<number>;

  /**
   * Share of the desired machines that there are at any time, old and new, in percent: 100 to 200, and at most 100 above
   * `minHealthyPercentage`.
   * @default 110
   */
  readonly maxHealthyPercentage?: pulumi.Input<number>;

  /**
   * Whether the machines go back to what they were when the refresh fails or an alarm goes off.
   * @default true
   */
  readonly autoRollback?: boolean;

  /**
   * Whether machines that have the wanted configuration already are left alone.
   * @default true
   */
  readonly skipMatching?: boolean;

  /**
   * CloudWatch alarms, by their names, that make the refresh fail.
   * @default []
   */
  readonly alarms?: pulumi.Input<string>[];

  /**
   * Shares of replaced machines at which the refresh waits, in percent, ascending, the last 100.
   * @default - it doesn't wait
   */
  readonly checkpointPercentages?: number[];

  /**
   * Seconds that it waits there, 0 to 172800.
   * @default 3600
   */
  readonly checkpointDelaySeconds?: pulumi.Input<number>;
}

/**
 * Machines that have booted already and wait. They join when they start work, not before. It needs the launch hook, without which machines
 * are stopped half made, and can't be had together with `spot`. EC2 Auto Scaling took no warm pool for several instance types either in
 * its first years.
 */
export interface WarmPoolArgs {
  /**
   * Machines that wait at least.
   * @default 0
   */
  readonly minSize?: pulumi.Input<number>;

  /**
   * Machines that there are at most, waiting and in service.
   * @default - maxSize
   */
  readonly maxPreparedCapacity?: pulumi.Input<number>;

  /**
   * How machines wait.
   * @default WarmPoolState.Stopped
   */
  readonly state?: WarmPoolState;

  /**
   * Whether machines go back to the pool when the fleet shrinks. They have drained and left the mesh by then.
   * @default false
   */
  readonly reuseOnScaleIn?: boolean;
}

/** How machines of a warm pool wait. */
export enum WarmPoolState {
  /** Stopped: only their volumes cost money. */
  Stopped = 'Stopped',
  /** Running. */
  Running = 'Running',
}

/**
 * A machine counts as in service only when its sidecar is healthy in the mesh, so that a rollout waits for it and scaling is not misled. A
 * machine that does not get there is replaced. It has to reach the API of EC2 Auto Scaling for that.
 */
export interface LaunchHookArgs {
  /**
   * Whether the fleet waits for machines to join. Otherwise they are in service as soon as they run.
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Seconds for a machine to boot and to do what `application` says, and again as many from then on to be healthy in the mesh: 60 to
   * 7200.
   * @default 600
   */
  readonly timeoutSeconds?: number;
}

/** How machines leave: out of their Services first, then their connections end, then their sidecar. */
export interface DrainArgs {
  /**
   * Seconds for connections to end once no new ones come, 0 to 3600. A Spot machine that AWS takes back has two minutes in all, and takes
   * at most 80 seconds for it.
   * @default 30
   */
  readonly seconds?: number;

  /**
   * Whether machines get the time for it when the fleet shrinks or replaces them. Machines have to reach the API of EC2 Auto Scaling, or
   * each one waits for the whole of `timeoutSeconds`.
   * @default true
   */
  readonly hook?: boolean;

  /**
   * Seconds after which a machine goes, drained or not, 30 to 7200: at least 60 more than `seconds`, in which the mesh takes notice.
   * @default - seconds and 420 more: what the slowest stop of a sidecar takes
   */
  readonly timeoutSeconds?: number;
}
