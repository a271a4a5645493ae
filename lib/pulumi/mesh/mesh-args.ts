import type * as pulumi from '@pulumi/pulumi';

/**
 * The mesh, and the names that control plane, gateway and machines have to agree on. Write it once in a program and hand it to every
 * component.
 */
export interface MeshArgs {
  /** Identifier of the mesh (`meshID`), the same in all of its clusters. */
  readonly meshId: pulumi.Input<string>;

  /** Name of the cluster as the control plane knows it (`global.multiCluster.clusterName`). */
  readonly clusterName: pulumi.Input<string>;

  /** Network of the cluster's pods (label `topology.istio.io/network`). */
  readonly network: pulumi.Input<string>;

  /** Version of Istio, such as `1.31.1`: of the charts and of the machines' sidecars. */
  readonly istioVersion: string;

  /**
   * Trust domain of the mesh's identities.
   * @default 'cluster.local'
   */
  readonly trustDomain?: pulumi.Input<string>;

  /**
   * Namespace of the control plane.
   * @default 'istio-system'
   */
  readonly controlPlaneNamespace?: string;

  /**
   * Name of the control plane's revision. Not together with `revisionTag`.
   * @default - the unrevisioned control plane
   */
  readonly revision?: string;

  /**
   * Tag that points to the control plane's revision. Not together with `revision`.
   * @default - none
   */
  readonly revisionTag?: string;

  /**
   * DNS name by which machines reach istiod, and which its certificate must carry (`ISTIOD_CUSTOM_HOST`).
   * @default - an entry in the machines' hosts file, which follows the gateway's address
   */
  readonly istiodDnsName?: string;

  /**
   * Settings that every proxy of the mesh starts from.
   * @default - see each property of ProxyDefaultsArgs
   */
  readonly proxy?: ProxyDefaultsArgs;
}

/** Settings that every proxy of the mesh starts from: `meshConfig` on the control plane, `mesh.yaml` on machines. */
export interface ProxyDefaultsArgs {
  /**
   * Start a pod's application only when its proxy is ready.
   * @default true
   */
  readonly holdApplicationUntilProxyStarts?: boolean;

  /**
   * Percentage of requests to trace, 0 to 100.
   * @default 1
   */
  readonly tracingSamplingPercent?: number;

  /**
   * Name of the extension provider that receives spans.
   * @default - no tracing
   */
  readonly tracingProvider?: string;

  /**
   * Whether proxies write an access log to standard output (the journal, on machines).
   * @default false
   */
  readonly accessLog?: boolean;

  /**
   * Whether proxies answer the DNS queries of their workload, so that machines resolve names of the mesh.
   * @default true
   */
  readonly dnsCapture?: boolean;

  /**
   * Whether proxies give addresses to ServiceEntry hosts that have none. It needs `dnsCapture`.
   * @default - the value of dnsCapture
   */
  readonly dnsAutoAllocate?: boolean;

  /**
   * Further environment of the proxies (`proxyMetadata`). Keys that a property above sets are refused.
   * @default {}
   */
  readonly proxyMetadata?: Record<string, string>;
}
