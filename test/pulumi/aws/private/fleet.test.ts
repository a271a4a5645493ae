import type { VmAutoScalingGroupArgs } from 'meshvm/pulumi/aws';
import { hasHooks, lifecycleOf, resolveFleet } from '../../../../lib/pulumi/aws/private/fleet';
import { runProgram } from '../../program';
import { fleetArgs } from '../fleet';

async function resolve(args: Partial<VmAutoScalingGroupArgs> = {}) {
  // Names of project and stack belong to a program.
  return (await runProgram(() => resolveFleet('pay', fleetArgs(args)))).value;
}

test('fills in every default', async () => {
  const fleet = await resolve();
  expect(fleet).toStrictEqual({
    autoScalingGroupName: 'project-stack-pay',
    launchSeconds: 600,
    terminateSeconds: 450,
    drainSeconds: 30,
    warmPool: false,
    warmupSeconds: 60,
    capacityTimeoutSeconds: 1500,
  });
  expect(hasHooks(fleet)).toBe(true);
  expect(lifecycleOf(fleet)).toStrictEqual({
    autoScalingGroupName: 'project-stack-pay',
    launchHookName: 'meshvm-launch',
    terminateHookName: 'meshvm-terminate',
    launchTimeoutSeconds: 60,
    drainSeconds: 30,
    warmPool: false,
  });
});

test('takes what was said', async () => {
  expect(
    await resolve({
      autoScalingGroupName: 'till',
      launchHook: { timeoutSeconds: 900 },
      drain: { seconds: 60 },
      warmPool: {},
      warmupSeconds: 7,
    }),
  ).toStrictEqual({
    autoScalingGroupName: 'till',
    launchSeconds: 900,
    terminateSeconds: 480,
    drainSeconds: 60,
    warmPool: true,
    warmupSeconds: 7,
    capacityTimeoutSeconds: 2100,
  });
});

test('machines answer no hook that there is not', async () => {
  const fleet = await resolve({ launchHook: { enabled: false }, drain: { hook: false } });
  expect(fleet).toMatchObject({ launchSeconds: undefined, terminateSeconds: undefined, warmupSeconds: 300 });
  expect(hasHooks(fleet)).toBe(false);
  expect(lifecycleOf(fleet)).toMatchObject({
    launchHookName: undefined,
    terminateHookName: undefined,
    drainSeconds: 30,
  });
});

test('one hook is enough to need the API of EC2 Auto Scaling', async () => {
  expect(hasHooks(await resolve({ launchHook: { enabled: false } }))).toBe(true);
  expect(hasHooks(await resolve({ drain: { hook: false } }))).toBe(true);
});
