import { type Group, Policy, Schedule } from '@pulumi/aws/autoscaling';
import type * as pulumi from '@pulumi/pulumi';
import { type CloudWatchMetricArgs, CloudWatchStatistic, type ScalingArgs } from '../scaling-args';

/** Registers what makes a fleet grow and shrink. */
export function registerScaling(
  parent: pulumi.ComponentResource,
  name: string,
  group: Group,
  args: ScalingArgs,
): readonly pulumi.CustomResource[] {
  const { targetCpuPercent, requests, metrics = [], schedules = [] } = args;
  const child = { parent };
  const autoscalingGroupName = group.name;
  const track = (id: string, targetTrackingConfiguration: TargetTracking) =>
    new Policy(
      `${name}-${id}`,
      { autoscalingGroupName, policyType: 'TargetTrackingScaling', targetTrackingConfiguration },
      child,
    );
  return [
    ...(targetCpuPercent === undefined
      ? []
      : [
          track('scale-cpu', {
            predefinedMetricSpecification: { predefinedMetricType: 'ASGAverageCPUUtilization' },
            targetValue: targetCpuPercent,
          }),
        ]),
    ...(requests === undefined
      ? []
      : [
          track('scale-requests', {
            customizedMetricSpecification: { metrics: perMachine(requests.metric, autoscalingGroupName) },
            targetValue: requests.perMachinePerMinute,
          }),
        ]),
    ...metrics.map(({ name: id, metric, target, statistic = CloudWatchStatistic.Average, scaleOutOnly }) =>
      track(`scale-metric-${id}`, {
        customizedMetricSpecification: {
          namespace: metric.namespace,
          metricName: metric.name,
          metricDimensions: dimensions(metric),
          statistic,
        },
        targetValue: target,
        disableScaleIn: scaleOutOnly,
      }),
    ),
    ...schedules.map(
      ({ name: id, minSize = UNCHANGED, maxSize = UNCHANGED, desiredCapacity = UNCHANGED, ...when }) =>
        new Schedule(
          `${name}-schedule-${id}`,
          { autoscalingGroupName, scheduledActionName: id, minSize, maxSize, desiredCapacity, ...when },
          child,
        ),
    ),
  ];
}

type TargetTracking = NonNullable<ConstructorParameters<typeof Policy>[1]['targetTrackingConfiguration']>;

/** The provider takes a size that is left out for 0. */
const UNCHANGED = -1;

/** The sum of a metric over a minute, divided by the machines in service. */
function perMachine(metric: CloudWatchMetricArgs, autoScalingGroupName: pulumi.Input<string>) {
  return [
    { id: 'perMachine', expression: 'requests / machines', label: 'Requests per minute and machine', returnData: true },
    {
      id: 'requests',
      metricStat: {
        metric: { namespace: metric.namespace, metricName: metric.name, dimensions: dimensions(metric) },
        stat: CloudWatchStatistic.Sum,
        period: 60,
      },
      returnData: false,
    },
    {
      id: 'machines',
      metricStat: {
        metric: {
          namespace: 'AWS/AutoScaling',
          metricName: 'GroupInServiceInstances',
          dimensions: [{ name: 'AutoScalingGroupName', value: autoScalingGroupName }],
        },
        stat: CloudWatchStatistic.Average,
        period: 60,
      },
      returnData: false,
    },
  ];
}

function dimensions({ dimensions = {} }: CloudWatchMetricArgs) {
  return Object.entries(dimensions).map(([name, value]) => ({ name, value }));
}
