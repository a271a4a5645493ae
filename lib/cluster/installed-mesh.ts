/**
 * What one istiod and its cluster say of themselves, as far as machines depend on it. Plain data, and what `meshvm mesh --json` prints.
 */
export interface InstalledMesh {
  /** The cluster's version, such as `1.34`; empty where the API server tells none. */
  readonly kubernetes: string;
  /** Namespace of istiod. */
  readonly namespace: string;
  /** Revision of istiod; empty for the one that was installed without. */
  readonly revision: string;
  /** Revision tags that point to it. */
  readonly tags: readonly string[];
  /** Other revisions of the namespace. */
  readonly otherRevisions: readonly string[];
  /** Version of istiod by its image, such as `1.31.1`; undefined where the image has another tag. */
  readonly istioVersion?: string;
  /** The image of istiod. */
  readonly image: string;
  /** Mesh ID; that of the trust domain where none was given, which is what Istio takes, too. */
  readonly meshId: string;
  /** Name of the cluster. */
  readonly clusterName: string;
  /** Network of the cluster's pods; empty where it was installed without one. */
  readonly network: string;
  /** The label `topology.istio.io/network` of istiod's namespace, by which istiod knows its own network; empty without. */
  readonly networkLabel: string;
  /** Trust domain. */
  readonly trustDomain: string;
  /** Domain of the cluster's Services. */
  readonly clusterDomain: string;
  /** Names beside its own that istiod's certificate carries (`ISTIOD_CUSTOM_HOST`). */
  readonly customHosts: readonly string[];
  /** Settings of every proxy that are not Istio's own. */
  readonly proxy: InstalledProxyDefaults;
  /** Names of the extension providers. */
  readonly extensionProviders: readonly string[];
  /** Switches of istiod that are off and that machines need, by the name of the variable. */
  readonly switchedOff: readonly string[];
  /** Whether istiod serves an ambient mesh. */
  readonly ambient: boolean;
  /** Kinds of the API that machines need and the cluster lacks. */
  readonly missingKinds: readonly string[];
  /** Services through which machines could reach istiod. */
  readonly gateways: readonly InstalledGateway[];
  /** What could not be read, each with the reason. */
  readonly unseen: readonly string[];
}

/** Settings of `meshConfig` that `Mesh` has a property for; undefined where the cluster says nothing. */
export interface InstalledProxyDefaults {
  readonly holdApplicationUntilProxyStarts?: boolean;
  readonly tracingSamplingPercent?: number;
  readonly accessLog?: boolean;
  /** Environment of the proxies. */
  readonly proxyMetadata: Readonly<Record<string, string>>;
}

/** A Service with port 15012 that is not istiod's own. */
export interface InstalledGateway {
  readonly namespace: string;
  readonly name: string;
  /** Release of Istio's chart that made it; undefined where it was another. */
  readonly helmRelease?: string;
  /** Type of the Service. */
  readonly type: string;
  /** Addresses or names of its load balancer. */
  readonly addresses: readonly string[];
  /** Whether a Gateway passes 15012 on. */
  readonly passesIstiod: boolean;
}
