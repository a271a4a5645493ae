import type * as pulumi from '@pulumi/pulumi';
import type { MachineMetrics } from '../../observability/machine-discovery';
import type { GroupReferenceArgs } from '../machines/reference-args';
import type { MachineDiscoveryArgs } from './machine-discovery-args';

export { MachineMetrics } from '../../observability/machine-discovery';

/** How Prometheus scrapes the machines of a group. */
export interface MachineScrapeArgs {
  /** The group. */
  readonly group: GroupReferenceArgs;

  /** How Prometheus finds the group's machines, and no others: all that it finds gets the labels of the group. */
  readonly discovery: MachineDiscoveryArgs;

  /**
   * Which metrics to take.
   * @default MachineMetrics.MERGED
   */
  readonly metrics?: MachineMetrics;

  /**
   * Name of the job: the label `job`.
   * @default - "meshvm/", the namespace, "/", and the name of the group
   */
  readonly jobName?: pulumi.Input<string>;

  /**
   * Time between two scrapes. The alerts expect at most 120.
   * @default - Prometheus's own
   */
  readonly intervalSeconds?: number;

  /**
   * How long an answer may take, at most as long as the interval.
   * @default - Prometheus's own
   */
  readonly timeoutSeconds?: number;
}

/** Arguments of MachineScrapeConfig. */
export interface MachineScrapeConfigArgs extends MachineScrapeArgs {
  /**
   * Name of the ScrapeConfig.
   * @default - name of the group and "-machines"
   */
  readonly name?: pulumi.Input<string>;

  /**
   * Namespace of the ScrapeConfig.
   * @default - the group's
   */
  readonly namespace?: pulumi.Input<string>;

  /**
   * Labels of the ScrapeConfig, by which a Prometheus selects it: with the chart kube-prometheus-stack, `release`.
   * @default {}
   */
  readonly labels?: Record<string, pulumi.Input<string>>;
}
