import type { SpotAllocationStrategy, VmAutoScalingGroupArgs, WarmPoolState } from 'meshvm/pulumi/aws';
import { resolveFleet } from '../../../../lib/pulumi/aws/private/fleet';
import { checkFleet } from '../../../../lib/pulumi/aws/private/fleet-checks';
import { later } from '../../fixtures';
import { fleetArgs, notedBy, pathsNotedBy } from '../fleet';

function noted(args: Partial<VmAutoScalingGroupArgs>, paths = pathsNotedBy): readonly string[] {
  const all = fleetArgs(args);
  return paths((problems) => checkFleet(problems, all, resolveFleet('pay', all)));
}

test('lets good arguments pass', () => {
  expect(noted({})).toStrictEqual([]);
  expect(
    noted({
      subnetIds: later(['subnet-a']),
      instanceTypes: ['m7i.large', 'm7a.large'],
      minSize: 0,
      maxSize: 0,
      spot: { onDemandBaseCapacity: 1, onDemandPercentageAboveBaseCapacity: 100, maxPrice: '0.05' },
      rollout: {
        minHealthyPercentage: 0,
        maxHealthyPercentage: 100,
        checkpointPercentages: [10, 100],
        alarms: ['errors'],
      },
      launchHook: { timeoutSeconds: 7200 },
      drain: { seconds: 3600, timeoutSeconds: 3660 },
      warmupSeconds: 0,
      maxLifetimeDays: 365,
      capacityTimeoutSeconds: 0,
    }),
  ).toStrictEqual([]);
  expect(noted({ warmPool: { minSize: 1, maxPreparedCapacity: 2 } })).toStrictEqual([]);
  expect(noted({ launchHook: { enabled: false }, drain: { hook: false, seconds: 3600 } })).toStrictEqual([]);
});

test('leaves what is not known yet to AWS', () => {
  expect(noted({ minSize: later(3), maxSize: 2, desiredCapacity: later(-1), subnetIds: [later('x')] })).toStrictEqual(
    [],
  );
});

describe('refuses', () => {
  test.each<[string, Partial<VmAutoScalingGroupArgs>, string[]]>([
    ['no subnets', { subnetIds: [] }, ['subnetIds']],
    ['subnets that are not there', { subnetIds: undefined }, ['subnetIds']],
    ['what is no subnet', { subnetIds: ['subnet-a', 'vpc-1'] }, ['subnetIds[1]']],
    ['a subnet twice', { subnetIds: ['subnet-a', 'subnet-a'] }, ['subnetIds[1]']],
    ['no instance types', { instanceTypes: [] }, ['instanceTypes']],
    ['an instance type twice', { instanceTypes: ['m7i.large', 'm7i.large'] }, ['instanceTypes[1]']],
    [
      'more types than AWS takes',
      { instanceTypes: Array.from({ length: 41 }, (_, index) => `m${index}i.large`) },
      ['instanceTypes'],
    ],
    ['sizes that are missing', { minSize: undefined, maxSize: undefined }, ['minSize', 'maxSize']],
    ['sizes upside down', { minSize: 3, maxSize: 2 }, ['maxSize']],
    ['sizes that are none', { minSize: -1, maxSize: 1.5 }, ['minSize', 'maxSize']],
    ['a wish below the least', { desiredCapacity: 1 }, ['desiredCapacity']],
    ['a wish above the most', { desiredCapacity: 11 }, ['desiredCapacity']],
    ['a wish that scaling undoes', { desiredCapacity: 2, scaling: { targetCpuPercent: 50 } }, ['desiredCapacity']],
    ['scaling without room', { minSize: 2, maxSize: 2, scaling: { targetCpuPercent: 50 } }, ['scaling']],
    ['scaling that is wrong', { scaling: { targetCpuPercent: 0 } }, ['scaling.targetCpuPercent']],
    [
      'more than all on demand',
      { spot: { onDemandPercentageAboveBaseCapacity: 101 } },
      ['spot.onDemandPercentageAboveBaseCapacity'],
    ],
    ['less than none on demand', { spot: { onDemandBaseCapacity: -1 } }, ['spot.onDemandBaseCapacity']],
    ['a price in words', { spot: { maxPrice: 'cheap' } }, ['spot.maxPrice']],
    [
      'an unknown strategy',
      { spot: { allocationStrategy: 'cheapest' as SpotAllocationStrategy } },
      ['spot.allocationStrategy'],
    ],
    ['more healthy machines than all', { rollout: { minHealthyPercentage: 101 } }, ['rollout.minHealthyPercentage']],
    ['fewer machines than all', { rollout: { maxHealthyPercentage: 90 } }, ['rollout.maxHealthyPercentage']],
    ['shares too far apart', { rollout: { minHealthyPercentage: 0 } }, ['rollout.maxHealthyPercentage']],
    ['checkpoints that end early', { rollout: { checkpointPercentages: [10, 50] } }, ['rollout.checkpointPercentages']],
    [
      'checkpoints that go back',
      { rollout: { checkpointPercentages: [50, 10, 100] } },
      ['rollout.checkpointPercentages'],
    ],
    ['no checkpoints', { rollout: { checkpointPercentages: [] } }, ['rollout.checkpointPercentages']],
    ['a pause without checkpoints', { rollout: { checkpointDelaySeconds: 60 } }, ['rollout.checkpointDelaySeconds']],
    ['how a rollout goes that there is not', { rollout: { automatic: false, alarms: ['a'] } }, ['rollout.alarms']],
    ['a warm pool of Spot machines', { spot: {}, warmPool: {} }, ['warmPool']],
    ['a warm pool of machines half made', { launchHook: { enabled: false }, warmPool: {} }, ['warmPool']],
    ['a warm pool without room', { warmPool: { maxPreparedCapacity: 1 } }, ['warmPool.maxPreparedCapacity']],
    ['a warm pool in an unknown state', { warmPool: { state: 'Hot' as WarmPoolState } }, ['warmPool.state']],
    ['a launch hook that is too fast', { launchHook: { timeoutSeconds: 59 } }, ['launchHook.timeoutSeconds']],
    ['a launch hook that AWS has not', { launchHook: { timeoutSeconds: 7201 } }, ['launchHook.timeoutSeconds']],
    ['time for no launch hook', { launchHook: { enabled: false, timeoutSeconds: 60 } }, ['launchHook.timeoutSeconds']],
    ['a drain for more than an hour', { drain: { seconds: 3601 } }, ['drain.seconds']],
    ['a drain longer than its hook', { drain: { seconds: 300, timeoutSeconds: 200 } }, ['drain.timeoutSeconds']],
    ['time for no terminate hook', { drain: { hook: false, timeoutSeconds: 200 } }, ['drain.timeoutSeconds']],
    ['a warm-up of a day', { warmupSeconds: 86400 }, ['warmupSeconds']],
    ['a life of hours', { maxLifetimeDays: 0.5 }, ['maxLifetimeDays']],
    ['a wait for no time', { capacityTimeoutSeconds: -1 }, ['capacityTimeoutSeconds']],
    ['a name with a colon', { autoScalingGroupName: 'a:b' }, ['autoScalingGroupName']],
    ['a name that is too long', { autoScalingGroupName: 'a'.repeat(256) }, ['autoScalingGroupName']],
  ])('%s', (_, args, paths) => {
    expect(noted(args)).toStrictEqual(paths);
  });
});

test('says how long a hook must wait for a drain', () => {
  expect(noted({ drain: { seconds: 300, timeoutSeconds: 359 } }, notedBy)).toStrictEqual([
    'drain.timeoutSeconds: 359 is not allowed; allowed: at least 360, 60 more than drain.seconds; ' +
      'fix: give machines more time, or drain for less',
  ]);
});
