import type { GatewayResources, Toleration } from './gateway-pods';
import type { LoadBalancerSettings } from './load-balancer-settings';

/**
 * An east-west gateway as the builders see it, every default filled in: what its workload and its exposure have in common. Lists and
 * keys are plain; leaves may be values that are known only at deployment.
 */
export interface Gateway {
  /** Name of the workload's objects, its Service among them. */
  readonly name: string;
  readonly namespace: string;
  /** Labels of the gateway's pods by which Services and Istio's Gateways select them. */
  readonly selector: Readonly<Record<string, string>>;
  /** Labels of each object. */
  readonly labels: Readonly<Record<string, string>>;
  /** Value of `istio.io/rev`; empty for the default control plane. */
  readonly revision: string;
}

/** The workload of an east-west gateway: its pods, and the Service in front of them. */
export interface GatewayWorkload extends Gateway {
  /**
   * Network whose gateway this is. Undefined when no services are exposed: istiod takes every Service with the network's label and
   * port 15443 for a gateway of the network (istio kube/controller getGatewayDetails) and would send other networks' traffic to a
   * port where nothing listens.
   */
  readonly network: string | undefined;
  /** Whether the Service has port 15017. */
  readonly webhook: boolean;
  readonly loadBalancer: GatewayLoadBalancer;
  readonly serviceAnnotations: Readonly<Record<string, string>>;
  readonly podAnnotations: Readonly<Record<string, string>>;
  readonly resources: Required<GatewayResources>;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly targetCpuUtilizationPercent: number;
  readonly drainSeconds: number;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
  readonly priorityClassName: string | undefined;
  /** Whether istiod may serve the gateway TLS secrets of its namespace. */
  readonly readSecrets: boolean;
}

/** What the provider of the load balancer asks of the Service. */
export type GatewayLoadBalancer = LoadBalancerSettings;

/** Port of an east-west gateway: its number, which the load balancer and the proxy share, and its name in the Service. */
export interface GatewayPort {
  readonly name: string;
  readonly port: number;
}

/** Ports of an east-west gateway, named as in Istio's own chart, so that a gateway installed by it can be taken over. */
export const GATEWAY_PORTS = {
  status: { name: 'status-port', port: 15021 },
  services: { name: 'tls', port: 15443 },
  istiod: { name: 'tls-istiod', port: 15012 },
  webhook: { name: 'tls-webhook', port: 15017 },
} as const satisfies Record<string, GatewayPort>;

/** `labels`, and one more if it has a value. */
export function withLabel(
  labels: Readonly<Record<string, string>>,
  key: string,
  value: string | undefined,
): Readonly<Record<string, string>> {
  return value === undefined || value === '' ? labels : { ...labels, [key]: value };
}

/** Labels that Istio's chart gives a gateway's pods, and selects them by. */
export function chartSelector(name: string): Readonly<Record<string, string>> {
  return { app: name, istio: typeof name === 'string' ? name.replace(/^istio-/, '') : name };
}

/** Annotations that the pods carry besides the user's. */
export function gatewayPodAnnotations(drainSeconds: number): Readonly<Record<string, string>> {
  return {
    'inject.istio.io/templates': 'gateway',
    'prometheus.io/path': '/stats/prometheus',
    'prometheus.io/port': '15020',
    'prometheus.io/scrape': 'true',
    // The default of 5 s ends before load balancers have noticed.
    'proxy.istio.io/config': JSON.stringify({ terminationDrainDuration: `${drainSeconds}s` }),
  };
}
