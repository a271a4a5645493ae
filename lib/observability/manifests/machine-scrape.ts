import type { KubernetesObject } from '../../core/kubernetes-object';
import { compact, nonEmpty } from '../../core/kubernetes-object';

/** How Prometheus scrapes machines, as the builders see it, every default filled in. */
export interface ScrapeSettings {
  readonly jobName: string;
  readonly port: number;
  readonly intervalSeconds: number | undefined;
  readonly timeoutSeconds: number | undefined;
  /** Labels of each target. */
  readonly targetLabels: Readonly<Record<string, string>>;
  /** The part of a ScrapeConfig that says how targets are found, such as ec2SDConfigs. */
  readonly section: string;
  readonly discovery: Readonly<Record<string, unknown>>;
  /** Relabelings that leave out what discovery finds besides the machines, or name them; in prometheus-operator's form. */
  readonly relabelings: readonly Readonly<Record<string, unknown>>[];
}

/** Where the scrape configuration is kept, for prometheus-operator. */
export interface ScrapeObjectSettings extends ScrapeSettings {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

type Spec = Readonly<Record<string, unknown>>;

/** The ScrapeConfig of prometheus-operator. */
export function scrapeConfig(settings: ScrapeObjectSettings): KubernetesObject<Spec> {
  const { name, namespace, labels } = settings;
  return {
    apiVersion: 'monitoring.coreos.com/v1alpha1',
    kind: 'ScrapeConfig',
    metadata: compact({ name, namespace, labels: nonEmpty(labels) }),
    spec: specOf(settings),
  };
}

/** The same for a `prometheus.yml`: an element of `scrape_configs`. */
export function prometheusJob(settings: ScrapeSettings): Spec {
  const { relabelings, ...spec } = specOf(settings);
  return snakeCased({ ...spec, relabelConfigs: relabelings }) as Spec;
}

function specOf(settings: ScrapeSettings): Spec {
  const { jobName, port, intervalSeconds, timeoutSeconds, targetLabels, section, discovery, relabelings } = settings;
  // Targets of a static list are addresses and ports; files and servers tell the port; clouds are told it.
  const entry = Array.isArray(discovery.targets)
    ? { targets: discovery.targets.map((address: string) => target(address, port)) }
    : CLOUDS.includes(section)
      ? { ...discovery, port }
      : discovery;
  return compact({
    jobName,
    metricsPath: '/stats/prometheus',
    scrapeInterval: intervalSeconds && `${intervalSeconds}s`,
    scrapeTimeout: timeoutSeconds && `${timeoutSeconds}s`,
    [section]: [entry],
    relabelings: [
      ...relabelings,
      ...Object.entries(targetLabels).map(([targetLabel, replacement]) => ({ targetLabel, replacement })),
    ],
  });
}

const CLOUDS = ['ec2SDConfigs', 'gceSDConfigs', 'azureSDConfigs'];

function target(address: string, port: number): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

/** prometheus-operator writes the settings of Prometheus in camel case, and means the same. */
function snakeCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCased);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [snakeCase(key), snakeCased(item)]));
}

function snakeCase(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}
