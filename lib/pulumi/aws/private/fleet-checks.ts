import { isDeferred } from '../../../core/problems';
import type { ArgumentProblems } from '../../core/arguments';
import { SpotAllocationStrategy, type SpotArgs, type WarmPoolArgs, WarmPoolState } from '../fleet-args';
import type { VmAutoScalingGroupArgs } from '../vm-auto-scaling-group-args';
import { checkAutoScaling } from './auto-scaling-checks';
import type { ResolvedFleet } from './fleet';
import { checkInteger, plainNumber } from './numbers';
import { notAllowed } from './reasons';

/** Seconds in which the mesh takes notice that a machine leaves, beyond those for its connections. */
const NOTICE_SECONDS = 60;

/** Notes what is wrong with a fleet: its places, sizes, and the life of its machines. */
export function checkFleet(problems: ArgumentProblems, args: VmAutoScalingGroupArgs, fleet: ResolvedFleet): void {
  checkAutoScaling(problems, args, fleet);
  if (args.spot !== undefined) checkSpot(problems, args.spot);
  if (args.warmPool !== undefined) checkWarmPool(problems, args, args.warmPool);
  checkHooks(problems, args, fleet);
}

function checkSpot(problems: ArgumentProblems, spot: SpotArgs): void {
  const { onDemandBaseCapacity, onDemandPercentageAboveBaseCapacity, allocationStrategy, maxPrice } = spot;
  checkInteger(problems, 'spot.onDemandBaseCapacity', onDemandBaseCapacity, 0);
  checkInteger(problems, 'spot.onDemandPercentageAboveBaseCapacity', onDemandPercentageAboveBaseCapacity, 0, 100);
  checkEnum(problems, 'spot.allocationStrategy', allocationStrategy, SpotAllocationStrategy);
  if (maxPrice !== undefined && !isDeferred(maxPrice) && !/^\d+(\.\d+)?$/.test(String(maxPrice))) {
    problems.add('spot.maxPrice', notAllowed(maxPrice, 'USD an hour in a string, such as "0.05"'));
  }
}

function checkWarmPool(problems: ArgumentProblems, args: VmAutoScalingGroupArgs, pool: WarmPoolArgs): void {
  checkInteger(problems, 'warmPool.minSize', pool.minSize, 0);
  checkInteger(problems, 'warmPool.maxPreparedCapacity', pool.maxPreparedCapacity, 0);
  checkEnum(problems, 'warmPool.state', pool.state, WarmPoolState);
  const [least, prepared] = [plainNumber(args.minSize), plainNumber(pool.maxPreparedCapacity)];
  if (least !== undefined && prepared !== undefined && prepared < least) {
    problems.add(
      'warmPool.maxPreparedCapacity',
      notAllowed(prepared, `at least minSize, ${least}: it counts machines in service, too`),
    );
  }
  if (args.spot !== undefined) {
    problems.add('warmPool', 'EC2 Auto Scaling keeps no Spot machines in a warm pool; remove one of warmPool and spot');
  }
  if (args.launchHook?.enabled === false) {
    problems.add(
      'warmPool',
      'without the launch hook machines are stopped before they are set up; remove launchHook.enabled',
    );
  }
}

function checkHooks(problems: ArgumentProblems, args: VmAutoScalingGroupArgs, fleet: ResolvedFleet): void {
  const { launchHook = {}, drain = {} } = args;
  checkInteger(problems, 'launchHook.timeoutSeconds', launchHook.timeoutSeconds, 60, 7200);
  if (launchHook.enabled === false && launchHook.timeoutSeconds !== undefined) {
    problems.add(
      'launchHook.timeoutSeconds',
      'there is no launch hook to wait for; remove one of timeoutSeconds and enabled',
    );
  }
  checkInteger(problems, 'drain.seconds', drain.seconds, 0, 3600);
  checkInteger(problems, 'drain.timeoutSeconds', drain.timeoutSeconds, 30, 7200);
  if (drain.hook === false && drain.timeoutSeconds !== undefined) {
    problems.add('drain.timeoutSeconds', 'there is no hook that would wait; remove one of timeoutSeconds and hook');
  } else if ((fleet.terminateSeconds ?? Number.POSITIVE_INFINITY) < fleet.drainSeconds + NOTICE_SECONDS) {
    const fix = 'give machines more time, or drain for less';
    const allowed = `at least ${fleet.drainSeconds + NOTICE_SECONDS}, ${NOTICE_SECONDS} more than drain.seconds`;
    problems.add('drain.timeoutSeconds', `${notAllowed(fleet.terminateSeconds, allowed)}; fix: ${fix}`);
  }
}

function checkEnum(
  problems: ArgumentProblems,
  path: string,
  value: unknown,
  choices: Readonly<Record<string, string>>,
): void {
  const allowed = Object.values(choices);
  if (value !== undefined && !allowed.includes(value as string))
    problems.add(path, notAllowed(value, allowed.join(', ')));
}
