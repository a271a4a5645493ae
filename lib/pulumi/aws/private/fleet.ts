import * as pulumi from '@pulumi/pulumi';
import type { AwsLifecycleArgs } from '../../groups/group-plan';
import type { DrainArgs, LaunchHookArgs } from '../fleet-args';
import type { VmAutoScalingGroupArgs } from '../vm-auto-scaling-group-args';

/** What a fleet's lifecycle hooks and names follow from, every default filled in. */
export interface ResolvedFleet {
  readonly autoScalingGroupName: string;
  /** Seconds that the launch hook waits; undefined without one. */
  readonly launchSeconds: number | undefined;
  /** Seconds that the terminate hook waits; undefined without one. */
  readonly terminateSeconds: number | undefined;
  readonly drainSeconds: number;
  readonly warmPool: boolean;
  readonly warmupSeconds: pulumi.Input<number>;
  /** Seconds that a deployment waits for the least number of machines. */
  readonly capacityTimeoutSeconds: number;
}

export const LAUNCH_HOOK = 'meshvm-launch';
export const TERMINATE_HOOK = 'meshvm-terminate';

/** Fills in every default. */
export function resolveFleet(name: string, args: VmAutoScalingGroupArgs): ResolvedFleet {
  const { enabled = true, timeoutSeconds = 600 }: LaunchHookArgs = args.launchHook ?? {};
  const { seconds = 30, hook = true, timeoutSeconds: drainTimeout = seconds + 420 }: DrainArgs = args.drain ?? {};
  return {
    autoScalingGroupName: args.autoScalingGroupName ?? `${pulumi.getProject()}-${pulumi.getStack()}-${name}`,
    launchSeconds: enabled ? timeoutSeconds : undefined,
    terminateSeconds: hook ? drainTimeout : undefined,
    drainSeconds: seconds,
    warmPool: args.warmPool !== undefined,
    warmupSeconds: args.warmupSeconds ?? (enabled ? 60 : 300),
    capacityTimeoutSeconds: args.capacityTimeoutSeconds ?? 2 * timeoutSeconds + 300,
  };
}

/** Whether machines call the API of EC2 Auto Scaling. */
export function hasHooks({ launchSeconds, terminateSeconds }: ResolvedFleet): boolean {
  return launchSeconds !== undefined || terminateSeconds !== undefined;
}

/** What the machines are told of their group. */
export function lifecycleOf(fleet: ResolvedFleet): AwsLifecycleArgs {
  return {
    autoScalingGroupName: fleet.autoScalingGroupName,
    launchHookName: fleet.launchSeconds === undefined ? undefined : LAUNCH_HOOK,
    terminateHookName: fleet.terminateSeconds === undefined ? undefined : TERMINATE_HOOK,
    // Prolonged within the first minute of the program, which is once: from then on a machine has the hook's own time.
    launchTimeoutSeconds: 60,
    drainSeconds: fleet.drainSeconds,
    warmPool: fleet.warmPool,
  };
}
