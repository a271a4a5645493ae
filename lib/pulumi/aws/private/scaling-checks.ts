import { isDeferred } from '../../../core/problems';
import type { ArgumentProblems } from '../../core/arguments';
import { CloudWatchStatistic, type ScalingArgs, type ScheduleArgs } from '../scaling-args';
import { checkInteger, checkPositive, plainNumber } from './numbers';
import { notAllowed } from './reasons';

/** Notes what is wrong with how a fleet grows and shrinks. */
export function checkScaling(problems: ArgumentProblems, path: string, args: ScalingArgs): void {
  const { targetCpuPercent, requests, metrics = [], schedules = [] } = args;
  checkPositive(problems, `${path}.targetCpuPercent`, targetCpuPercent, 100);
  if (requests !== undefined) {
    checkPositive(problems, `${path}.requests.perMachinePerMinute`, requests.perMachinePerMinute);
  }
  checkNames(problems, `${path}.metrics`, metrics);
  metrics.forEach(({ target, statistic }, index) => {
    checkPositive(problems, `${path}.metrics[${index}].target`, target);
    const allowed = Object.values(CloudWatchStatistic);
    if (statistic !== undefined && !allowed.includes(statistic)) {
      problems.add(`${path}.metrics[${index}].statistic`, notAllowed(statistic, allowed.join(', ')));
    }
  });
  checkNames(problems, `${path}.schedules`, schedules);
  schedules.forEach((schedule, index) => void checkSchedule(problems, `${path}.schedules[${index}]`, schedule));
}

/** Names become part of resources' names. */
function checkNames(problems: ArgumentProblems, path: string, named: readonly { readonly name: string }[]): void {
  named.forEach(({ name }, index) => {
    if (!/^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/.test(name)) {
      problems.add(
        `${path}[${index}].name`,
        notAllowed(name, 'letters, digits and "-", first and last a letter or digit'),
      );
    }
    if (named.findIndex((other) => other.name === name) < index) {
      problems.add(`${path}[${index}].name`, `${JSON.stringify(name)} is taken already; give each a name of its own`);
    }
  });
}

function checkSchedule(problems: ArgumentProblems, path: string, schedule: ScheduleArgs): void {
  const { recurrence, startTime, endTime, timeZone, minSize, maxSize, desiredCapacity } = schedule;
  const sizes = { minSize, maxSize, desiredCapacity };
  for (const [property, value] of Object.entries(sizes)) checkInteger(problems, `${path}.${property}`, value, 0);
  if (Object.values(sizes).every((value) => value === undefined)) {
    problems.add(path, 'it changes nothing; set minSize, maxSize or desiredCapacity');
  }
  const [least = 0, most = Number.POSITIVE_INFINITY] = [plainNumber(minSize), plainNumber(maxSize)];
  if (least > most) problems.add(`${path}.maxSize`, notAllowed(most, `at least minSize, ${least}`));
  if (recurrence === undefined && startTime === undefined) {
    problems.add(path, 'it never happens; set recurrence or startTime');
  }
  if (recurrence !== undefined && !isDeferred(recurrence) && !/^\s*\S+(\s+\S+){4}\s*$/.test(String(recurrence))) {
    problems.add(`${path}.recurrence`, notAllowed(recurrence, 'five fields of cron, such as "0 7 * * 1-5"'));
  }
  if (timeZone !== undefined && recurrence === undefined) {
    problems.add(`${path}.timeZone`, 'it says when a recurrence happens, and there is none; startTime is UTC');
  }
  for (const [property, value] of Object.entries({ startTime, endTime })) {
    if (value === undefined || isDeferred(value)) continue;
    if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(String(value)) && !Number.isNaN(Date.parse(String(value)))) continue;
    problems.add(`${path}.${property}`, notAllowed(value, 'a time in UTC such as 2027-01-31T07:00:00Z'));
  }
}
