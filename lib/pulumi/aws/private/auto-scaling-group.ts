import { Group, LifecycleHook, Metric } from '@pulumi/aws/autoscaling';
import type { LaunchTemplate } from '@pulumi/aws/ec2';
import * as pulumi from '@pulumi/pulumi';
import { dependencies } from '../../core/register-objects';
import type { AutoScalingArgs } from '../auto-scaling-args';
import {
  type RolloutArgs,
  SpotAllocationStrategy,
  type SpotArgs,
  type WarmPoolArgs,
  WarmPoolState,
} from '../fleet-args';
import { LAUNCH_HOOK, type ResolvedFleet, TERMINATE_HOOK } from './fleet';
import { machineTags, type Tags } from './tags';

/** The arguments that show in an EC2 Auto Scaling group. */
export interface AutoScalingGroupArgs extends AutoScalingArgs {
  readonly spot?: SpotArgs;
  readonly warmPool?: WarmPoolArgs;
  readonly tags?: Tags;
}

/** Names and times of a group, every default filled in, and the load balancer that it stands behind. */
export interface AutoScalingGroupLife
  extends Pick<ResolvedFleet, 'autoScalingGroupName' | 'warmupSeconds' | 'capacityTimeoutSeconds'>,
    Partial<Pick<ResolvedFleet, 'launchSeconds' | 'terminateSeconds'>> {
  /** Target groups whose health checks tell whether a machine is healthy; without them EC2 does. */
  readonly targetGroupArns?: pulumi.Input<string>[];
}

/** A lifecycle hook of a fleet. */
interface Hook {
  readonly name: string;
  readonly lifecycleTransition: string;
  readonly heartbeatTimeout: number;
  readonly defaultResult: string;
}

/** Registers an EC2 Auto Scaling group and its lifecycle hooks. */
export function registerAutoScalingGroup(
  parent: pulumi.ComponentResource,
  name: string,
  args: AutoScalingGroupArgs,
  life: AutoScalingGroupLife,
  template: LaunchTemplate,
  ready: readonly pulumi.Resource[],
  options: pulumi.ComponentResourceOptions | undefined,
): Group {
  const hooks = hooksOf(life);
  const { targetGroupArns } = life;
  const { minHealthyPercentage = 100, maxHealthyPercentage = 110 }: RolloutArgs = args.rollout ?? {};
  const group = new Group(
    `${name}-auto-scaling-group`,
    {
      // The machines' role may answer the hooks of this group alone, and has to be there before it.
      name: life.autoScalingGroupName,
      minSize: args.minSize,
      maxSize: args.maxSize,
      desiredCapacity: args.desiredCapacity,
      vpcZoneIdentifiers: args.subnetIds,
      ...launched(args, template),
      capacityRebalance: args.spot !== undefined,
      targetGroupArns,
      healthCheckType: targetGroupArns === undefined ? 'EC2' : 'ELB',
      healthCheckGracePeriod: life.warmupSeconds,
      defaultInstanceWarmup: life.warmupSeconds,
      maxInstanceLifetime:
        args.maxLifetimeDays === undefined
          ? undefined
          : pulumi.output(args.maxLifetimeDays).apply((days) => days * 86400),
      instanceMaintenancePolicy: { minHealthyPercentage, maxHealthyPercentage },
      instanceRefresh: instanceRefresh(args.rollout),
      // Hooks that are added later miss the first machines.
      initialLifecycleHooks: hooks,
      warmPool: args.warmPool && warmPool(args.warmPool),
      // CloudWatch takes no money for them.
      enabledMetrics: METRICS,
      metricsGranularity: '1Minute',
      waitForCapacityTimeout: life.capacityTimeoutSeconds === 0 ? '0' : `${life.capacityTimeoutSeconds}s`,
      // Without it a group is there as soon as its machines run.
      minElbCapacity: targetGroupArns === undefined ? undefined : args.minSize,
      tags: Object.entries(machineTags(name, args.tags)).map(([key, value]) => ({
        key,
        value,
        propagateAtLaunch: true,
      })),
    },
    {
      parent,
      dependsOn: [...dependencies(options), ...ready],
      // They work at creation only; later changes come through the hooks' own resources.
      ignoreChanges: ['initialLifecycleHooks'],
    },
  );
  for (const hook of hooks) {
    // Of the same name: creating it updates the hook that came with the group. The group takes it along when it goes, so that the last
    // machines drain as well.
    new LifecycleHook(
      `${name}-${hook.name}`,
      { autoscalingGroupName: group.name, ...hook },
      { parent, deletedWith: group },
    );
  }
  return group;
}

const METRICS = [
  Metric.GroupMinSize,
  Metric.GroupMaxSize,
  Metric.GroupDesiredCapacity,
  Metric.GroupInServiceInstances,
  Metric.GroupPendingInstances,
  Metric.GroupStandbyInstances,
  Metric.GroupTerminatingInstances,
  Metric.GroupTotalInstances,
];

/** A machine that never gets into the mesh is given up; one that does not get out of it goes all the same. */
function hooksOf({ launchSeconds, terminateSeconds }: AutoScalingGroupLife): Hook[] {
  const hook = (name: string, event: string, heartbeatTimeout: number | undefined, defaultResult: string): Hook[] =>
    heartbeatTimeout === undefined
      ? []
      : [{ name, lifecycleTransition: `autoscaling:EC2_INSTANCE_${event}`, heartbeatTimeout, defaultResult }];
  return [
    ...hook(LAUNCH_HOOK, 'LAUNCHING', launchSeconds, 'ABANDON'),
    ...hook(TERMINATE_HOOK, 'TERMINATING', terminateSeconds, 'CONTINUE'),
  ];
}

/** The version is a number: neither a refresh nor a rollback knows what to do with $Latest. */
function launched({ instanceTypes, spot }: AutoScalingGroupArgs, template: LaunchTemplate) {
  const version = pulumi.interpolate`${template.latestVersion}`;
  if (spot === undefined && instanceTypes.length === 1) return { launchTemplate: { id: template.id, version } };
  return {
    mixedInstancesPolicy: {
      launchTemplate: {
        launchTemplateSpecification: { launchTemplateId: template.id, version },
        overrides: instanceTypes.map((instanceType) => ({ instanceType })),
      },
      instancesDistribution: { onDemandAllocationStrategy: 'prioritized', ...spotShare(spot) },
    },
  };
}

function spotShare(spot: SpotArgs | undefined) {
  if (spot === undefined) return { onDemandPercentageAboveBaseCapacity: 100 };
  return {
    onDemandBaseCapacity: spot.onDemandBaseCapacity ?? 0,
    onDemandPercentageAboveBaseCapacity: spot.onDemandPercentageAboveBaseCapacity ?? 0,
    spotAllocationStrategy: spot.allocationStrategy ?? SpotAllocationStrategy.PriceCapacityOptimized,
    spotMaxPrice: spot.maxPrice,
  };
}

/** A new version of the launch template starts it; no trigger need be named. */
function instanceRefresh(rollout: RolloutArgs = {}) {
  const { automatic = true, autoRollback = true, skipMatching = true, alarms, checkpointPercentages } = rollout;
  const { minHealthyPercentage = 100, maxHealthyPercentage = 110, checkpointDelaySeconds } = rollout;
  if (!automatic) return undefined;
  return {
    strategy: 'Rolling',
    preferences: {
      minHealthyPercentage,
      maxHealthyPercentage,
      autoRollback,
      skipMatching,
      alarmSpecification: alarms === undefined ? undefined : { alarms },
      checkpointPercentages,
      checkpointDelay: checkpointDelaySeconds === undefined ? undefined : pulumi.interpolate`${checkpointDelaySeconds}`,
    },
  };
}

function warmPool({
  minSize = 0,
  maxPreparedCapacity,
  state = WarmPoolState.Stopped,
  reuseOnScaleIn = false,
}: WarmPoolArgs) {
  return {
    minSize,
    maxGroupPreparedCapacity: maxPreparedCapacity,
    poolState: state,
    instanceReusePolicy: { reuseOnScaleIn },
  };
}
