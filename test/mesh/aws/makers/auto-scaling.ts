import { list, type Maker, object, parameters, pick, providersOwn, sortedTags, type Target, to } from '../api';
import type { AwsValue } from '../sdk';

/** Groups of EC2 Auto Scaling, their hooks, policies and schedules. */
export const AUTO_SCALING_MAKERS: Readonly<Record<string, Maker>> = {
  'aws:autoscaling/group:Group': async (sdk, { name, inputs }) => {
    const { WarmPool, Metrics, Refresh, ...sent } = parameters(name, inputs, autoScalingGroup(name));
    const { AutoScalingGroupName } = sent;
    const { Tags, ...others } = sent;
    await sdk.call('autoscaling', 'create_auto_scaling_group', {
      ...others,
      Tags: Tags.map((tag: AwsValue) => ({
        ...tag,
        ResourceId: AutoScalingGroupName,
        ResourceType: 'auto-scaling-group',
      })),
    });
    await sdk.call('autoscaling', 'enable_metrics_collection', { AutoScalingGroupName, ...Metrics });
    if (WarmPool) await sdk.call('autoscaling', 'put_warm_pool', { AutoScalingGroupName, ...WarmPool });
    // A refresh starts at a change, with the template that is wanted then; moto knows no refreshes.
    const DesiredConfiguration = pick(sent, ['LaunchTemplate', 'MixedInstancesPolicy']);
    const refresh = { AutoScalingGroupName, DesiredConfiguration, ...Refresh };
    if (Refresh) await sdk.check('autoscaling', 'start_instance_refresh', refresh);

    const described = await sdk.call('autoscaling', 'describe_auto_scaling_groups', {
      AutoScalingGroupNames: [AutoScalingGroupName],
    });
    const [group] = described.AutoScalingGroups;
    const pool = WarmPool && (await sdk.call('autoscaling', 'describe_warm_pool', { AutoScalingGroupName }));
    const kept = Object.fromEntries(Object.entries(sent).filter(([key]) => !NOT_KEPT.includes(key)));
    const stored = {
      ...withoutTemplateNames(pick(group, Object.keys(kept))),
      Tags: sortedTags(group.Tags.map((tag: AwsValue) => pick(tag, ['Key', 'Value', 'PropagateAtLaunch']))),
      Metrics: {
        Metrics: group.EnabledMetrics.map(({ Metric }: AwsValue) => Metric),
        Granularity: group.EnabledMetrics[0].Granularity,
      },
      ...(pool && { WarmPool: pick(pool.WarmPoolConfiguration, Object.keys(WarmPool)) }),
    };
    return {
      names: {},
      sent: {
        ...kept,
        Metrics,
        ...(WarmPool && { WarmPool }),
      },
      stored,
    };
  },

  'aws:autoscaling/lifecycleHook:LifecycleHook': async (sdk, { name, inputs }) => {
    const { AutoScalingGroupName, ...sent } = parameters(name, inputs, {
      autoscalingGroupName: to('AutoScalingGroupName'),
      ...HOOK,
    });
    await sdk.call('autoscaling', 'put_lifecycle_hook', { AutoScalingGroupName, ...sent });
    const LifecycleHookNames = [sent.LifecycleHookName];
    const found = await sdk.call('autoscaling', 'describe_lifecycle_hooks', {
      AutoScalingGroupName,
      LifecycleHookNames,
    });
    return { names: {}, sent: { hooks: [sent] }, stored: { hooks: hooks(found.LifecycleHooks) } };
  },

  'aws:autoscaling/policy:Policy': async (sdk, { name, inputs }) => {
    const sent = parameters(name, inputs, {
      autoscalingGroupName: to('AutoScalingGroupName'),
      policyType: to('PolicyType'),
      targetTrackingConfiguration: to('TargetTrackingConfiguration', object(name, targetTracking(name))),
    });
    await sdk.call('autoscaling', 'put_scaling_policy', { PolicyName: name, ...sent });
    const [policy] = (await sdk.call('autoscaling', 'describe_policies', { PolicyNames: [name] })).ScalingPolicies;
    const stored = pick(policy, Object.keys(sent));
    const metric = stored.TargetTrackingConfiguration.CustomizedMetricSpecification;
    // moto's answer has an empty list where there was none.
    if (metric?.Dimensions?.length === 0) delete metric.Dimensions;
    return { names: {}, sent, stored };
  },

  'aws:autoscaling/schedule:Schedule': async (sdk, { name, inputs }) => {
    const sent = parameters(name, inputs, {
      autoscalingGroupName: to('AutoScalingGroupName'),
      scheduledActionName: to('ScheduledActionName'),
      minSize: size('MinSize'),
      maxSize: size('MaxSize'),
      desiredCapacity: size('DesiredCapacity'),
      recurrence: to('Recurrence'),
      timeZone: to('TimeZone'),
      startTime: to('StartTime'),
      endTime: to('EndTime'),
    });
    await sdk.call('autoscaling', 'put_scheduled_update_group_action', sent);
    const found = await sdk.call('autoscaling', 'describe_scheduled_actions', {
      AutoScalingGroupName: sent.AutoScalingGroupName,
      ScheduledActionNames: [sent.ScheduledActionName],
    });
    return { names: {}, sent, stored: pick(found.ScheduledUpdateGroupActions[0], Object.keys(sent)) };
  },
};

/** What moto takes and does not keep. The hooks that come with a group are put again by resources of their own, and those are kept. */
const NOT_KEPT = [
  'DefaultInstanceWarmup',
  'InstanceMaintenancePolicy',
  'LifecycleHookSpecificationList',
  'MaxInstanceLifetime',
];

/** AWS names a template by both its ID and its name. */
function withoutTemplateNames(value: AwsValue): AwsValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutTemplateNames);
  const { LaunchTemplateName, ...others } = value;
  return Object.fromEntries(Object.entries(others).map(([key, item]) => [key, withoutTemplateNames(item)]));
}

const HOOK = {
  name: to('LifecycleHookName'),
  lifecycleTransition: to('LifecycleTransition'),
  heartbeatTimeout: to('HeartbeatTimeout'),
  defaultResult: to('DefaultResult'),
};

function autoScalingGroup(name: string): Readonly<Record<string, Target>> {
  const specification = object(name, { launchTemplateId: to('LaunchTemplateId'), version: to('Version') });
  const template = object(name, {
    launchTemplateSpecification: to('LaunchTemplateSpecification', specification),
    overrides: to('Overrides', list(object(name, { instanceType: to('InstanceType') }))),
  });
  const distribution = object(name, {
    onDemandAllocationStrategy: to('OnDemandAllocationStrategy'),
    onDemandBaseCapacity: to('OnDemandBaseCapacity'),
    onDemandPercentageAboveBaseCapacity: to('OnDemandPercentageAboveBaseCapacity'),
    spotAllocationStrategy: to('SpotAllocationStrategy'),
    spotMaxPrice: to('SpotMaxPrice'),
  });
  const preferences = object(name, {
    minHealthyPercentage: to('MinHealthyPercentage'),
    maxHealthyPercentage: to('MaxHealthyPercentage'),
    autoRollback: to('AutoRollback'),
    skipMatching: to('SkipMatching'),
    alarmSpecification: to('AlarmSpecification', object(name, { alarms: to('Alarms') })),
    checkpointPercentages: to('CheckpointPercentages'),
    checkpointDelay: to('CheckpointDelay', Number),
  });
  return {
    name: to('AutoScalingGroupName'),
    minSize: to('MinSize'),
    maxSize: to('MaxSize'),
    desiredCapacity: to('DesiredCapacity'),
    vpcZoneIdentifiers: to('VPCZoneIdentifier', (ids) => ids.join()),
    launchTemplate: to('LaunchTemplate', object(name, { id: to('LaunchTemplateId'), version: to('Version') })),
    mixedInstancesPolicy: to(
      'MixedInstancesPolicy',
      object(name, {
        launchTemplate: to('LaunchTemplate', template),
        instancesDistribution: to('InstancesDistribution', distribution),
      }),
    ),
    capacityRebalance: to('CapacityRebalance'),
    targetGroupArns: to('TargetGroupARNs'),
    healthCheckType: to('HealthCheckType'),
    healthCheckGracePeriod: to('HealthCheckGracePeriod'),
    defaultInstanceWarmup: to('DefaultInstanceWarmup'),
    maxInstanceLifetime: to('MaxInstanceLifetime'),
    instanceMaintenancePolicy: to(
      'InstanceMaintenancePolicy',
      object(name, {
        minHealthyPercentage: to('MinHealthyPercentage'),
        maxHealthyPercentage: to('MaxHealthyPercentage'),
      }),
    ),
    instanceRefresh: to(
      'Refresh',
      object(name, { strategy: to('Strategy'), preferences: to('Preferences', preferences) }),
    ),
    initialLifecycleHooks: to('LifecycleHookSpecificationList', list(object(name, HOOK))),
    warmPool: to(
      'WarmPool',
      object(name, {
        minSize: to('MinSize'),
        maxGroupPreparedCapacity: to('MaxGroupPreparedCapacity'),
        poolState: to('PoolState'),
        instanceReusePolicy: to('InstanceReusePolicy', object(name, { reuseOnScaleIn: to('ReuseOnScaleIn') })),
      }),
    ),
    enabledMetrics: to('Metrics.Metrics'),
    metricsGranularity: to('Metrics.Granularity'),
    waitForCapacityTimeout: providersOwn,
    minElbCapacity: providersOwn,
    tags: to('Tags', (tags) =>
      sortedTags(
        list(object(name, { key: to('Key'), value: to('Value'), propagateAtLaunch: to('PropagateAtLaunch') }))(tags),
      ),
    ),
  };
}

function targetTracking(name: string): Readonly<Record<string, Target>> {
  const dimensions = list(object(name, { name: to('Name'), value: to('Value') }));
  const metric = object(name, {
    namespace: to('Namespace'),
    metricName: to('MetricName'),
    dimensions: to('Dimensions', dimensions),
  });
  const query = object(name, {
    id: to('Id'),
    expression: to('Expression'),
    label: to('Label'),
    returnData: to('ReturnData'),
    metricStat: to(
      'MetricStat',
      object(name, { metric: to('Metric', metric), stat: to('Stat'), period: to('Period') }),
    ),
  });
  return {
    targetValue: to('TargetValue'),
    disableScaleIn: to('DisableScaleIn'),
    predefinedMetricSpecification: to(
      'PredefinedMetricSpecification',
      object(name, { predefinedMetricType: to('PredefinedMetricType') }),
    ),
    customizedMetricSpecification: to(
      'CustomizedMetricSpecification',
      object(name, {
        namespace: to('Namespace'),
        metricName: to('MetricName'),
        metricDimensions: to('Dimensions', dimensions),
        statistic: to('Statistic'),
        metrics: to('Metrics', list(query)),
      }),
    ),
  };
}

/** The provider leaves out a size of -1. */
function size(parameter: string): Target {
  return (value) => (value === -1 ? {} : { [parameter]: value });
}

function hooks(found: readonly AwsValue[]): AwsValue {
  return found.map((hook) =>
    pick(hook, ['LifecycleHookName', 'LifecycleTransition', 'HeartbeatTimeout', 'DefaultResult']),
  );
}
