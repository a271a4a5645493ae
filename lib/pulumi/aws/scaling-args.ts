import type * as pulumi from '@pulumi/pulumi';

/**
 * How a fleet grows and shrinks between `minSize` and `maxSize`. Several policies may stand side by side: the one that wants most
 * machines wins.
 */
export interface ScalingArgs {
  /**
   * Mean use of CPU that the fleet is kept at, in percent, above 0 and up to 100.
   * @default - the fleet does not scale by CPU
   */
  readonly targetCpuPercent?: pulumi.Input<number>;

  /**
   * Requests that each machine is to serve.
   * @default - the fleet does not scale by requests
   */
  readonly requests?: RequestScalingArgs;

  /**
   * Further CloudWatch metrics to keep at a value.
   * @default []
   */
  readonly metrics?: MetricScalingArgs[];

  /**
   * Sizes of the fleet by the clock.
   * @default []
   */
  readonly schedules?: ScheduleArgs[];
}

/**
 * Scaling by the requests that all machines of the fleet get together. The mesh knows their number (`istio_requests_total` of the
 * group's Service); who gathers metrics has to put it into CloudWatch. It is divided by the number of machines in service.
 */
export interface RequestScalingArgs {
  /** Requests per minute that a machine is to serve; above 0. */
  readonly perMachinePerMinute: pulumi.Input<number>;

  /** CloudWatch metric whose sum over a minute is the number of requests. */
  readonly metric: CloudWatchMetricArgs;
}

/** Scaling by a CloudWatch metric that falls as the fleet grows, such as a mean over its machines. */
export interface MetricScalingArgs {
  /** Name of the policy's resource: letters, digits and "-". */
  readonly name: string;

  /** The metric. */
  readonly metric: CloudWatchMetricArgs;

  /** Value that the metric is kept at; above 0. */
  readonly target: pulumi.Input<number>;

  /**
   * What is taken over a period.
   * @default CloudWatchStatistic.Average
   */
  readonly statistic?: CloudWatchStatistic;

  /**
   * Whether the policy only adds machines and leaves taking them away to others.
   * @default false
   */
  readonly scaleOutOnly?: boolean;
}

/** A CloudWatch metric. */
export interface CloudWatchMetricArgs {
  /** Namespace, such as `Payments`. */
  readonly namespace: pulumi.Input<string>;

  /** Name, such as `RequestCount`. */
  readonly name: pulumi.Input<string>;

  /**
   * Dimensions, all of those that the metric was published with.
   * @default {}
   */
  readonly dimensions?: Record<string, pulumi.Input<string>>;
}

/** What is taken of a metric over a period. */
export enum CloudWatchStatistic {
  /** The mean. */
  Average = 'Average',
  /** The least. */
  Minimum = 'Minimum',
  /** The greatest. */
  Maximum = 'Maximum',
  /** The number of samples. */
  SampleCount = 'SampleCount',
  /** The sum. */
  Sum = 'Sum',
}

/** Sizes of a fleet from a time on. At least one size must be set, and `recurrence` or `startTime`. */
export interface ScheduleArgs {
  /** Name of the scheduled action: letters, digits and "-". */
  readonly name: string;

  /**
   * When it happens, again and again: five fields of cron, such as `0 7 * * 1-5`.
   * @default - once, at startTime
   */
  readonly recurrence?: pulumi.Input<string>;

  /**
   * IANA time zone of `recurrence`, such as `Europe/Berlin`.
   * @default 'Etc/UTC'
   */
  readonly timeZone?: pulumi.Input<string>;

  /**
   * When it happens first, in UTC: `YYYY-MM-DDThh:mm:ssZ`.
   * @default - by recurrence alone
   */
  readonly startTime?: pulumi.Input<string>;

  /**
   * When it happens last, in UTC: `YYYY-MM-DDThh:mm:ssZ`.
   * @default - it never ends
   */
  readonly endTime?: pulumi.Input<string>;

  /**
   * Machines that there are at least from then on.
   * @default - as before
   */
  readonly minSize?: pulumi.Input<number>;

  /**
   * Machines that there are at most from then on.
   * @default - as before
   */
  readonly maxSize?: pulumi.Input<number>;

  /**
   * Machines that there are right then.
   * @default - as before, within the sizes
   */
  readonly desiredCapacity?: pulumi.Input<number>;
}
