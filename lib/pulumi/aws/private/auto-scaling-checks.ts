import { isDeferred } from '../../../core/problems';
import type { ArgumentProblems } from '../../core/arguments';
import type { AutoScalingArgs } from '../auto-scaling-args';
import type { RolloutArgs } from '../fleet-args';
import type { AutoScalingGroupLife } from './auto-scaling-group';
import { checkSubnetId } from './ec2-machine-checks';
import { checkInteger, plainNumber } from './numbers';
import { notAllowed } from './reasons';
import { checkScaling } from './scaling-checks';

/** Most instance types that a mixed instances policy takes. */
const MOST_TYPES = 40;

/** Notes what is wrong with a group of EC2 machines, whatever they do: its places, sizes, and how it is replaced. */
export function checkAutoScaling(problems: ArgumentProblems, args: AutoScalingArgs, life: AutoScalingGroupLife): void {
  checkPlaces(problems, args);
  checkSizes(problems, args);
  if (args.scaling !== undefined) checkScaling(problems, 'scaling', args.scaling);
  if (args.rollout !== undefined) checkRollout(problems, args.rollout);
  checkInteger(problems, 'warmupSeconds', life.warmupSeconds, 0, 3600);
  checkInteger(problems, 'maxLifetimeDays', args.maxLifetimeDays, 1, 365);
  checkInteger(problems, 'capacityTimeoutSeconds', life.capacityTimeoutSeconds, 0);
  const { autoScalingGroupName } = life;
  if (!/^[!-9;-~]([ -9;-~]{0,253}[!-9;-~])?$/.test(autoScalingGroupName)) {
    const allowed = 'at most 255 characters of ASCII, no ":", no space at either end';
    problems.add('autoScalingGroupName', `${notAllowed(autoScalingGroupName, allowed)}; fix: give such a name`);
  }
}

function checkPlaces(problems: ArgumentProblems, { subnetIds, instanceTypes = [] }: AutoScalingArgs): void {
  if (Array.isArray(subnetIds)) {
    if (subnetIds.length === 0) problems.add('subnetIds', 'there is none; give the private subnets of the machines');
    subnetIds.forEach((id, index) => {
      checkSubnetId(problems, `subnetIds[${index}]`, id);
      if (subnetIds.indexOf(id) < index)
        problems.add(`subnetIds[${index}]`, `${JSON.stringify(id)} is there already; remove it`);
    });
  } else if (!isDeferred(subnetIds)) {
    problems.add('subnetIds', 'it is missing; give the private subnets of the machines');
  }
  if (instanceTypes.length === 0) problems.add('instanceTypes', 'there is none; give at least one, such as m7g.large');
  if (instanceTypes.length > MOST_TYPES) {
    problems.add('instanceTypes', `${instanceTypes.length} are not allowed; allowed: at most ${MOST_TYPES}`);
  }
  instanceTypes.forEach((type, index) => {
    if (instanceTypes.indexOf(type) < index)
      problems.add(`instanceTypes[${index}]`, `${JSON.stringify(type)} is there already; remove it`);
  });
}

function checkSizes(problems: ArgumentProblems, args: AutoScalingArgs): void {
  const { minSize, maxSize, desiredCapacity, scaling } = args;
  for (const [property, value] of Object.entries({ minSize, maxSize })) {
    if (value === undefined) problems.add(property, 'it is missing; give a whole number from 0');
    checkInteger(problems, property, value, 0);
  }
  checkInteger(problems, 'desiredCapacity', desiredCapacity, 0);
  const [least, most, desired] = [plainNumber(minSize), plainNumber(maxSize), plainNumber(desiredCapacity)];
  if (least !== undefined && most !== undefined && least > most) {
    problems.add('maxSize', notAllowed(most, `at least minSize, ${least}`));
  } else if (desired !== undefined && (desired < (least ?? 0) || desired > (most ?? Number.POSITIVE_INFINITY))) {
    problems.add('desiredCapacity', notAllowed(desired, `from minSize to maxSize, ${least} to ${most}`));
  }
  if (desiredCapacity !== undefined && scaling !== undefined) {
    problems.add('desiredCapacity', 'each deployment would undo what scaling has done; remove one of the two');
  }
  const { targetCpuPercent, requests, metrics = [], schedules = [] } = scaling ?? {};
  const tracks = targetCpuPercent !== undefined || requests !== undefined || metrics.length > 0;
  if (tracks && schedules.length === 0 && least !== undefined && least === most) {
    problems.add(
      'scaling',
      `there is nothing to scale between minSize ${least} and maxSize ${most}; raise maxSize, or remove scaling`,
    );
  }
}

function checkRollout(problems: ArgumentProblems, rollout: RolloutArgs): void {
  const {
    automatic = true,
    autoRollback,
    skipMatching,
    alarms,
    checkpointPercentages,
    checkpointDelaySeconds,
  } = rollout;
  checkInteger(problems, 'rollout.minHealthyPercentage', rollout.minHealthyPercentage, 0, 100);
  checkInteger(problems, 'rollout.maxHealthyPercentage', rollout.maxHealthyPercentage, 100, 200);
  const [least, most] = [
    plainNumber(rollout.minHealthyPercentage ?? 100),
    plainNumber(rollout.maxHealthyPercentage ?? 110),
  ];
  if (least !== undefined && most !== undefined && most - least > 100) {
    const fix = 'raise minHealthyPercentage or lower maxHealthyPercentage';
    problems.add(
      'rollout.maxHealthyPercentage',
      `${notAllowed(most, `at most 100 above minHealthyPercentage, ${least}`)}; fix: ${fix}`,
    );
  }
  checkInteger(problems, 'rollout.checkpointDelaySeconds', checkpointDelaySeconds, 0, 172800);
  if (checkpointDelaySeconds !== undefined && checkpointPercentages === undefined) {
    problems.add(
      'rollout.checkpointDelaySeconds',
      'there is no checkpoint to wait at; give checkpointPercentages, too',
    );
  }
  if (checkpointPercentages !== undefined) checkCheckpoints(problems, checkpointPercentages);
  if (automatic) return;
  for (const [property, value] of Object.entries({ autoRollback, skipMatching, alarms, checkpointPercentages })) {
    if (value !== undefined)
      problems.add(`rollout.${property}`, 'there is no rollout without automatic; remove one of the two');
  }
}

function checkCheckpoints(problems: ArgumentProblems, percentages: readonly number[]): void {
  const ascending = percentages.every(
    (value, index) => Number.isInteger(value) && value >= 1 && (index === 0 || value > percentages[index - 1]),
  );
  if (ascending && percentages.at(-1) === 100) return;
  const allowed = 'whole numbers from 1, each greater than the one before, the last 100';
  problems.add('rollout.checkpointPercentages', notAllowed(percentages, allowed));
}
