import type { MonitoredGroup } from './monitored-group';

/** What alerts are about, and when they fire. */
export interface AlertRulesProps {
  /** The groups. */
  readonly groups: readonly MonitoredGroup[];

  /**
   * Hours before the end of a machine's certificate at which it counts as not renewed. Certificates last 24 hours and are renewed after
   * about 12, unless istiod is told otherwise.
   * @default 6
   */
  readonly certificateHoursLeft?: number;

  /**
   * Days before the end of istiod's root certificate.
   * @default 30
   */
  readonly rootCertificateDaysLeft?: number;

  /**
   * Hours for which proxies may run a version that no istiod has: as long as an upgrade may take.
   * @default 24
   */
  readonly versionSkewHours?: number;

  /**
   * Labels of every alert, for routing, such as `team`. `severity` is ours: `critical` or `warning`.
   * @default {}
   */
  readonly alertLabels?: Readonly<Record<string, string>>;

  /**
   * Page with the runbook; each alert links to its section, the alert's name in lower case.
   * @default - no link: the description of each alert says what to do first
   */
  readonly runbookUrl?: string;
}

/** Properties of MeshVmAlerts. */
export interface MeshVmAlertsProps extends AlertRulesProps {
  /**
   * Name of the PrometheusRule.
   * @default 'meshvm'
   */
  readonly name?: string;

  /**
   * Namespace of the PrometheusRule.
   * @default - the chart's
   * @argsRequired
   */
  readonly namespace?: string;

  /**
   * Labels of the PrometheusRule, by which a Prometheus selects it: with the chart kube-prometheus-stack, `release`.
   * @default {}
   */
  readonly labels?: Readonly<Record<string, string>>;
}
