import type { KubernetesObject } from '../../core/kubernetes-object';
import { compact, nonEmpty } from '../../core/kubernetes-object';
import type { MachineDiscovery } from '../machine-discovery';
import { discoverySection } from './machine-discovery';

/** How Prometheus scrapes machines, as the builders see it, every default filled in. */
export interface ScrapeSettings {
  readonly jobName: string;
  readonly port: number;
  readonly intervalSeconds: number | undefined;
  readonly timeoutSeconds: number | undefined;
  /** Labels of each target. */
  readonly targetLabels: Readonly<Record<string, string>>;
  readonly discovery: MachineDiscovery;
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
  const { jobName, port, intervalSeconds, timeoutSeconds, targetLabels, discovery } = settings;
  const found = discoverySection(discovery, port);
  return compact({
    jobName,
    metricsPath: '/stats/prometheus',
    scrapeInterval: intervalSeconds && `${intervalSeconds}s`,
    scrapeTimeout: timeoutSeconds && `${timeoutSeconds}s`,
    [found.section]: [found.settings],
    relabelings: [
      ...found.relabelings,
      ...Object.entries(targetLabels).map(([targetLabel, replacement]) => ({ targetLabel, replacement })),
    ],
  });
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
