import type { CloudWatchStatistic, ScalingArgs, ScheduleArgs } from 'meshvm/pulumi/aws';
import { checkScaling } from '../../../../lib/pulumi/aws/private/scaling-checks';
import { later } from '../../fixtures';
import { notedBy, pathsNotedBy } from '../fleet';

const METRIC = { namespace: 'Payments', name: 'Requests' };
const paths = (args: ScalingArgs) => pathsNotedBy((problems) => checkScaling(problems, 'scaling', args));
const noted = (args: ScalingArgs) => notedBy((problems) => checkScaling(problems, 'scaling', args));
const schedule = (args: Partial<ScheduleArgs>) =>
  paths({ schedules: [{ name: 'night', recurrence: '0 20 * * *', minSize: 1, ...args }] });

test('lets good arguments pass, and those that are not known yet', () => {
  const good: ScalingArgs = {
    targetCpuPercent: 55.5,
    requests: { perMachinePerMinute: 600, metric: METRIC },
    metrics: [{ name: 'queue', metric: METRIC, target: 0.5 }],
    schedules: [
      { name: 'day', recurrence: '0 7 * * 1-5', timeZone: 'Europe/Berlin', minSize: 4, maxSize: 8 },
      { name: 'sale', startTime: '2027-01-31T07:00:00Z', endTime: later('2027-02-01T07:00:00Z'), desiredCapacity: 9 },
    ],
  };
  expect(paths(good)).toStrictEqual([]);
  expect(paths({ targetCpuPercent: later(-1) })).toStrictEqual([]);
});

test('refuses targets that are none', () => {
  expect(
    paths({
      targetCpuPercent: 101,
      requests: { perMachinePerMinute: 0, metric: METRIC },
      metrics: [{ name: 'queue', metric: METRIC, target: -1, statistic: 'p99' as CloudWatchStatistic }],
    }),
  ).toStrictEqual([
    'scaling.targetCpuPercent',
    'scaling.requests.perMachinePerMinute',
    'scaling.metrics[0].target',
    'scaling.metrics[0].statistic',
  ]);
});

test("refuses names that can't be part of a name, or stand twice", () => {
  const metric = { metric: METRIC, target: 1 };
  expect(
    noted({
      metrics: [
        { name: 'a b', ...metric },
        { name: 'x', ...metric },
        { name: 'x', ...metric },
      ],
    }),
  ).toStrictEqual([
    'scaling.metrics[0].name: "a b" is not allowed; allowed: letters, digits and "-", first and last a letter or digit',
    'scaling.metrics[2].name: "x" is taken already; give each a name of its own',
  ]);
});

describe('a schedule is refused', () => {
  const AT = 'scaling.schedules[0]';
  test.each<[string, Partial<ScheduleArgs>, string[]]>([
    ['that changes nothing', { minSize: undefined }, [AT]],
    ['that never happens', { recurrence: undefined }, [AT]],
    ['with four fields', { recurrence: '0 20 * *' }, [`${AT}.recurrence`]],
    ['with sizes upside down', { minSize: 5, maxSize: 4 }, [`${AT}.maxSize`]],
    ['with a negative size', { desiredCapacity: -1 }, [`${AT}.desiredCapacity`]],
    ['with a local time', { startTime: '2027-01-31T07:00:00+01:00' }, [`${AT}.startTime`]],
    ['with a day that is none', { endTime: '2027-13-31T07:00:00Z' }, [`${AT}.endTime`]],
    [
      'with a time zone that nothing follows',
      { recurrence: undefined, startTime: '2027-01-31T07:00:00Z', timeZone: 'Europe/Berlin' },
      [`${AT}.timeZone`],
    ],
  ])('%s', (_, args, expected) => {
    expect(schedule(args)).toStrictEqual(expected);
  });
});
