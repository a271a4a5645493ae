import { runtime } from '@pulumi/pulumi';
import {
  SpotAllocationStrategy,
  VmAutoScalingGroup,
  type VmAutoScalingGroupArgs,
  WarmPoolState,
} from 'meshvm/pulumi/aws';
import { named, registered } from '../../fixtures';
import { fleet, fleetArgs, inAws } from '../fleet';

const HOOK = 'aws:autoscaling/lifecycleHook:LifecycleHook';

async function group(args: Partial<VmAutoScalingGroupArgs> = {}) {
  return named(await fleet(args), 'pay-auto-scaling-group');
}

test('keeps a fleet of one type on demand, with hooks from the first machine on', async () => {
  const { type, parent, inputs } = await group();
  expect([type, parent]).toStrictEqual(['aws:autoscaling/group:Group', 'pay']);
  expect(inputs).toStrictEqual({
    name: 'project-stack-pay',
    minSize: 2,
    maxSize: 10,
    vpcZoneIdentifiers: ['subnet-a', 'subnet-b'],
    launchTemplate: { id: 'pay-launch-template-id', version: '7' },
    capacityRebalance: false,
    healthCheckType: 'EC2',
    healthCheckGracePeriod: 60,
    defaultInstanceWarmup: 60,
    instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 110 },
    instanceRefresh: {
      strategy: 'Rolling',
      preferences: { minHealthyPercentage: 100, maxHealthyPercentage: 110, autoRollback: true, skipMatching: true },
    },
    initialLifecycleHooks: [
      {
        name: 'meshvm-launch',
        lifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
        heartbeatTimeout: 600,
        defaultResult: 'ABANDON',
      },
      {
        name: 'meshvm-terminate',
        lifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
        heartbeatTimeout: 450,
        defaultResult: 'CONTINUE',
      },
    ],
    enabledMetrics: [
      'GroupMinSize',
      'GroupMaxSize',
      'GroupDesiredCapacity',
      'GroupInServiceInstances',
      'GroupPendingInstances',
      'GroupStandbyInstances',
      'GroupTerminatingInstances',
      'GroupTotalInstances',
    ],
    metricsGranularity: '1Minute',
    waitForCapacityTimeout: '1500s',
    tags: [{ key: 'Name', value: 'pay', propagateAtLaunch: true }],
  });
});

test('starts only when machines can join: rights, role, access entry, rules and template are there', async () => {
  const { dependencies } = await group();
  expect(dependencies).toStrictEqual(
    expect.arrayContaining([
      'RoleBinding payments/pay-bootstrap',
      'RoleBinding istio-system/meshvm.payments.pay',
      'ConfigMap payments/pay-bootstrap',
      'ConfigMap payments/pay-agent',
      'WorkloadGroup payments/pay',
      'pay-access-entry',
      'pay-instance-profile',
      'pay-lifecycle-policy',
      'pay-istiod-0',
      'pay-api-server-0-peer',
      'pay-launch-template',
    ]),
  );
});

test('mixes types and Spot machines, and starts a replacement before one is taken back', async () => {
  const { inputs } = await group({
    instanceTypes: ['m7i.large', 'm7a.large'],
    spot: { onDemandBaseCapacity: 1, onDemandPercentageAboveBaseCapacity: 25, maxPrice: '0.05' },
  });
  expect(inputs).not.toHaveProperty('launchTemplate');
  expect(inputs.capacityRebalance).toBe(true);
  expect(inputs.mixedInstancesPolicy).toStrictEqual({
    launchTemplate: {
      launchTemplateSpecification: { launchTemplateId: 'pay-launch-template-id', version: '7' },
      overrides: [{ instanceType: 'm7i.large' }, { instanceType: 'm7a.large' }],
    },
    instancesDistribution: {
      onDemandAllocationStrategy: 'prioritized',
      onDemandBaseCapacity: 1,
      onDemandPercentageAboveBaseCapacity: 25,
      spotAllocationStrategy: 'price-capacity-optimized',
      spotMaxPrice: '0.05',
    },
  });
});

test('takes Spot machines only, where nothing else is said', async () => {
  const { inputs } = await group({ spot: { allocationStrategy: SpotAllocationStrategy.CapacityOptimized } });
  expect(inputs.mixedInstancesPolicy.instancesDistribution).toStrictEqual({
    onDemandAllocationStrategy: 'prioritized',
    onDemandBaseCapacity: 0,
    onDemandPercentageAboveBaseCapacity: 0,
    spotAllocationStrategy: 'capacity-optimized',
  });
});

test('mixes types on demand in their order', async () => {
  const { inputs } = await group({ instanceTypes: ['m7i.large', 'm7a.large'] });
  expect(inputs.capacityRebalance).toBe(false);
  expect(inputs.mixedInstancesPolicy.instancesDistribution).toStrictEqual({
    onDemandAllocationStrategy: 'prioritized',
    onDemandPercentageAboveBaseCapacity: 100,
  });
});

test('rolls out as it is told', async () => {
  const { inputs } = await group({
    rollout: {
      minHealthyPercentage: 50,
      maxHealthyPercentage: 150,
      autoRollback: false,
      skipMatching: false,
      alarms: ['errors'],
      checkpointPercentages: [10, 100],
      checkpointDelaySeconds: 600,
    },
  });
  expect(inputs.instanceMaintenancePolicy).toStrictEqual({ minHealthyPercentage: 50, maxHealthyPercentage: 150 });
  expect(inputs.instanceRefresh.preferences).toStrictEqual({
    minHealthyPercentage: 50,
    maxHealthyPercentage: 150,
    autoRollback: false,
    skipMatching: false,
    alarmSpecification: { alarms: ['errors'] },
    checkpointPercentages: [10, 100],
    checkpointDelay: '600',
  });
});

test('rolls nothing out without automatic', async () => {
  const { inputs } = await group({ rollout: { automatic: false } });
  expect(inputs).not.toHaveProperty('instanceRefresh');
  expect(inputs).toHaveProperty('instanceMaintenancePolicy');
});

test('keeps a warm pool', async () => {
  const pool = { minSize: 1, maxPreparedCapacity: 6, state: WarmPoolState.Running, reuseOnScaleIn: true };
  expect((await group({ warmPool: pool })).inputs.warmPool).toStrictEqual({
    minSize: 1,
    maxGroupPreparedCapacity: 6,
    poolState: 'Running',
    instanceReusePolicy: { reuseOnScaleIn: true },
  });
  expect((await group({ warmPool: {} })).inputs.warmPool).toStrictEqual({
    minSize: 0,
    poolState: 'Stopped',
    instanceReusePolicy: { reuseOnScaleIn: false },
  });
});

test('takes sizes, times and tags as they are given', async () => {
  const { inputs } = await group({
    desiredCapacity: 4,
    maxLifetimeDays: 30,
    warmupSeconds: 7,
    capacityTimeoutSeconds: 0,
    tags: { Name: 'till', team: 'till' },
  });
  expect(inputs).toMatchObject({
    desiredCapacity: 4,
    maxInstanceLifetime: 2592000,
    healthCheckGracePeriod: 7,
    defaultInstanceWarmup: 7,
    waitForCapacityTimeout: '0',
  });
  expect(inputs.tags).toStrictEqual([
    { key: 'Name', value: 'till', propagateAtLaunch: true },
    { key: 'team', value: 'till', propagateAtLaunch: true },
  ]);
});

describe('lifecycle hooks', () => {
  test('have resources of their own, by which they change later', async () => {
    const resources = await fleet({ launchHook: { timeoutSeconds: 900 }, drain: { seconds: 60, timeoutSeconds: 240 } });
    expect(resources.filter(({ type }) => type === HOOK).map(({ name, inputs }) => [name, inputs])).toStrictEqual([
      [
        'pay-meshvm-launch',
        {
          autoscalingGroupName: 'project-stack-pay',
          name: 'meshvm-launch',
          lifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
          heartbeatTimeout: 900,
          defaultResult: 'ABANDON',
        },
      ],
      [
        'pay-meshvm-terminate',
        {
          autoscalingGroupName: 'project-stack-pay',
          name: 'meshvm-terminate',
          lifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
          heartbeatTimeout: 240,
          defaultResult: 'CONTINUE',
        },
      ],
    ]);
    expect(named(resources, 'pay-auto-scaling-group').inputs.initialLifecycleHooks).toMatchObject([
      { heartbeatTimeout: 900 },
      { heartbeatTimeout: 240 },
    ]);
  });

  test('are not there when they are not wanted, nor is the right to answer them', async () => {
    const resources = await fleet({ launchHook: { enabled: false }, drain: { hook: false } });
    expect(resources.filter(({ type }) => type === HOOK)).toStrictEqual([]);
    expect(resources.map(({ name }) => name)).not.toContain('pay-lifecycle-policy');
    expect(named(resources, 'pay-auto-scaling-group').inputs.initialLifecycleHooks).toStrictEqual([]);
  });

  test('go with the group and not before it, and what it was created with is not compared any more', async () => {
    const seen = new Map<string, { readonly ignored: readonly string[]; readonly deletedWith: string }>();
    await registered(() => {
      const monitor = runtime.getMonitor() as unknown as {
        registerResource(request: Request, callback: unknown): Promise<void>;
      };
      const original = monitor.registerResource.bind(monitor);
      monitor.registerResource = (request, callback) => {
        const deletedWith = request.getDeletedwith().split('::').pop() ?? '';
        seen.set(request.getName(), { ignored: request.getIgnorechangesList(), deletedWith });
        return original(request, callback);
      };
      return new VmAutoScalingGroup('pay', fleetArgs());
    }, inAws());
    expect(seen.get('pay-auto-scaling-group')).toStrictEqual({ ignored: ['initialLifecycleHooks'], deletedWith: '' });
    expect(seen.get('pay-meshvm-launch')).toStrictEqual({ ignored: [], deletedWith: 'pay-auto-scaling-group' });
    expect(seen.get('pay-meshvm-terminate')).toStrictEqual({ ignored: [], deletedWith: 'pay-auto-scaling-group' });
  });
});

interface Request {
  getName(): string;
  getIgnorechangesList(): string[];
  getDeletedwith(): string;
}
