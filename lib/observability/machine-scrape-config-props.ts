import type { IMeshVmGroup } from '../machines/references';
import type { MachineDiscovery, MachineMetrics } from './machine-discovery';

/** How Prometheus scrapes the machines of a group. */
export interface MachineScrapeProps {
  /** The group. */
  readonly group: IMeshVmGroup;

  /** How Prometheus finds the group's machines, and no others: all that it finds gets the labels of the group. */
  readonly discovery: MachineDiscovery;

  /**
   * Which metrics to take.
   * @default MachineMetrics.MERGED
   */
  readonly metrics?: MachineMetrics;

  /**
   * Name of the job: the label `job`.
   * @default - "meshvm/", the namespace, "/", and the name of the group
   */
  readonly jobName?: string;

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

/** Properties of MachineScrapeConfig. */
export interface MachineScrapeConfigProps extends MachineScrapeProps {
  /**
   * Name of the ScrapeConfig.
   * @default - name of the group and "-machines"
   */
  readonly name?: string;

  /**
   * Namespace of the ScrapeConfig.
   * @default - the chart's, or the group's where the chart has none
   * @argsDefault - the group's
   */
  readonly namespace?: string;

  /**
   * Labels of the ScrapeConfig, by which a Prometheus selects it: with the chart kube-prometheus-stack, `release`.
   * @default {}
   */
  readonly labels?: Readonly<Record<string, string>>;
}
