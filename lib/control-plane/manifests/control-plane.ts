import type { PlainData } from '../../core/plain-data';
import type { Gateway, GatewayLoadBalancer } from '../../gateway/gateway';

/**
 * A control plane as the builders see it, every default filled in. Lists and keys are plain; leaves may be values that are known only
 * at deployment.
 */
export interface ControlPlaneSettings {
  readonly meshId: string;
  readonly clusterName: string;
  readonly network: string;
  readonly clusterDomain: string;
  readonly trustDomain: string;
  readonly trustDomainAliases: readonly string[];
  /** `{pem, trustDomains}` each, with one certificate. */
  readonly additionalRoots: readonly PlainData[];
  readonly namespace: string;
  readonly istioVersion: string;
  /** Name of the revision to install; empty for the unrevisioned control plane. */
  readonly revision: string;
  readonly revisionTags: readonly string[];
  /** Revision whose webhook validates the objects that name no revision: `default`, or the name of a revision. */
  readonly defaultRevision: string;
  /** DNS names that istiod's certificate carries besides its own. */
  readonly customHost: string | undefined;
  readonly autoRegistration: boolean;
  readonly healthChecks: boolean;
  readonly disconnectGracePeriodSeconds: number;
  readonly maxServerConnectionAgeSeconds: number;
  readonly keepaliveIntervalSeconds: number;
  readonly keepaliveTimeoutSeconds: number;
  readonly holdApplicationUntilProxyStarts: boolean;
  readonly tracingSamplingPercent: number;
  readonly tracingProvider: string | undefined;
  readonly accessLogProviders: readonly string[];
  readonly dnsAutoAllocate: boolean;
  readonly proxyMetadata: Readonly<Record<string, string>>;
  readonly extensionProviders: readonly PlainData[];
  readonly meshNetworks: readonly NetworkSettings[];
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly istiodEnv: Readonly<Record<string, string>>;
  /** Mesh configuration beyond that of the properties. */
  readonly meshConfig: PlainData;
  /** Values of the istiod chart beyond those of the properties. */
  readonly istiodValues: PlainData;
  readonly gateway: GatewaySettings | undefined;
}

/** Where Istio's charts are, and whether that is an OCI registry. */
export interface ChartLocation {
  readonly location: string;
  readonly oci: boolean;
}

/** One network of `meshNetworks`. */
export interface NetworkSettings {
  readonly name: string;
  /** `{fromCidr}` or `{fromRegistry}` each. */
  readonly endpoints: readonly PlainData[];
  /** `{address, port}` or `{registryServiceName, port}` each. */
  readonly gateways: readonly PlainData[];
}

/** An east-west gateway that Istio's own gateway chart installs. */
export interface GatewaySettings extends Gateway {
  /** Network whose gateway this is, or undefined when it carries no services of other networks. */
  readonly network: string | undefined;
  /** Whether the Service has port 15017. */
  readonly webhook: boolean;
  readonly loadBalancer: GatewayLoadBalancer;
  readonly serviceAnnotations: Readonly<Record<string, string>>;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly drainSeconds: number;
}
