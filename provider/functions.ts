import type * as pulumi from '@pulumi/pulumi';
import { MachineScrapeConfig, MeshVmAlerts, MeshVmDashboard } from '../lib/pulumi';

/** A static function of a component, which other languages have as a function of the package. */
export interface PackageFunction {
  /** What it is, for the SDKs. */
  readonly description: string;
  /** The component whose arguments it takes. */
  readonly component: string;
  /** Those of them that it does not take: what is said of the object in the cluster. */
  readonly without: readonly string[];
  /** Name of its result. */
  readonly result: string;
  readonly call: (args: never) => pulumi.Output<Readonly<Record<string, unknown>>>;
}

/** By their names. */
export const FUNCTIONS: Readonly<Record<string, PackageFunction>> = {
  alertRuleFile: {
    description: "A file of rules for a Prometheus without an operator: for the values of Prometheus's Helm chart.",
    component: 'MeshVmAlerts',
    without: ['labels', 'name', 'namespace'],
    result: 'ruleFile',
    call: MeshVmAlerts.ruleFile,
  },
  prometheusJob: {
    description: "An element of `scrape_configs` of a `prometheus.yml`: for the values of Prometheus's Helm chart.",
    component: 'MachineScrapeConfig',
    without: ['labels', 'name', 'namespace'],
    result: 'job',
    call: MachineScrapeConfig.prometheusJob,
  },
  dashboardJson: {
    description: "The dashboard for Grafana's import or its provisioning.",
    component: 'MeshVmDashboard',
    without: ['labels', 'name', 'namespace'],
    result: 'dashboard',
    call: MeshVmDashboard.json,
  },
};
