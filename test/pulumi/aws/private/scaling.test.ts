import { CloudWatchStatistic, type ScalingArgs } from 'meshvm/pulumi/aws';
import { fleet } from '../fleet';

const POLICY = 'aws:autoscaling/policy:Policy';
const SCHEDULE = 'aws:autoscaling/schedule:Schedule';

/** Inputs of what scales the fleet, by the names of the resources. */
async function scaling(args: ScalingArgs | undefined): Promise<Readonly<Record<string, unknown>>> {
  const resources = (await fleet({ scaling: args })).filter(({ type }) => type === POLICY || type === SCHEDULE);
  for (const { parent } of resources) expect(parent).toBe('pay');
  return Object.fromEntries(resources.map(({ name, inputs }) => [name, inputs]));
}

const tracking = (targetTrackingConfiguration: object) => ({
  autoscalingGroupName: 'project-stack-pay',
  policyType: 'TargetTrackingScaling',
  targetTrackingConfiguration,
});

test('nothing scales a fleet unless it is wanted', async () => {
  expect(await scaling(undefined)).toStrictEqual({});
});

test('keeps a mean use of CPU', async () => {
  expect(await scaling({ targetCpuPercent: 50 })).toStrictEqual({
    'pay-scale-cpu': tracking({
      predefinedMetricSpecification: { predefinedMetricType: 'ASGAverageCPUUtilization' },
      targetValue: 50,
    }),
  });
});

test('divides requests by the machines in service', async () => {
  const metric = { namespace: 'Payments', name: 'Requests', dimensions: { Service: 'pay' } };
  expect(await scaling({ requests: { perMachinePerMinute: 600, metric } })).toStrictEqual({
    'pay-scale-requests': tracking({
      customizedMetricSpecification: {
        metrics: [
          {
            id: 'perMachine',
            expression: 'requests / machines',
            label: 'Requests per minute and machine',
            returnData: true,
          },
          {
            id: 'requests',
            metricStat: {
              metric: {
                namespace: 'Payments',
                metricName: 'Requests',
                dimensions: [{ name: 'Service', value: 'pay' }],
              },
              stat: 'Sum',
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
                dimensions: [{ name: 'AutoScalingGroupName', value: 'project-stack-pay' }],
              },
              stat: 'Average',
              period: 60,
            },
            returnData: false,
          },
        ],
      },
      targetValue: 600,
    }),
  });
});

test('keeps metrics of any kind', async () => {
  const metric = { namespace: 'Payments', name: 'QueueLength' };
  const metrics = [
    { name: 'queue', metric, target: 100 },
    { name: 'peak', metric, target: 900, statistic: CloudWatchStatistic.Maximum, scaleOutOnly: true },
  ];
  const specification = { namespace: 'Payments', metricName: 'QueueLength', metricDimensions: [] };
  expect(await scaling({ metrics })).toStrictEqual({
    'pay-scale-metric-queue': tracking({
      customizedMetricSpecification: { ...specification, statistic: 'Average' },
      targetValue: 100,
    }),
    'pay-scale-metric-peak': tracking({
      customizedMetricSpecification: { ...specification, statistic: 'Maximum' },
      targetValue: 900,
      disableScaleIn: true,
    }),
  });
});

test('changes by the clock the sizes that are named, and no others', async () => {
  const schedules = [
    { name: 'day', recurrence: '0 7 * * 1-5', timeZone: 'Europe/Berlin', minSize: 4 },
    {
      name: 'sale',
      startTime: '2027-01-31T07:00:00Z',
      endTime: '2027-02-01T07:00:00Z',
      maxSize: 20,
      desiredCapacity: 15,
    },
  ];
  expect(await scaling({ schedules })).toStrictEqual({
    'pay-schedule-day': {
      autoscalingGroupName: 'project-stack-pay',
      scheduledActionName: 'day',
      recurrence: '0 7 * * 1-5',
      timeZone: 'Europe/Berlin',
      minSize: 4,
      maxSize: -1,
      desiredCapacity: -1,
    },
    'pay-schedule-sale': {
      autoscalingGroupName: 'project-stack-pay',
      scheduledActionName: 'sale',
      startTime: '2027-01-31T07:00:00Z',
      endTime: '2027-02-01T07:00:00Z',
      minSize: -1,
      maxSize: 20,
      desiredCapacity: 15,
    },
  });
});
