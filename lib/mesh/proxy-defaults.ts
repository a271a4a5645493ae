/** Settings that every proxy of the mesh starts from: `meshConfig` on the control plane, `mesh.yaml` on machines. */
export interface ProxyDefaults {
  /**
   * Start a pod's application only when its proxy is ready.
   * @default true
   */
  readonly holdApplicationUntilProxyStarts?: boolean;

  /**
   * Percentage of requests to trace, 0 to 100. Where spans go is set by an extension provider (`tracingProvider`).
   * @default 1
   */
  readonly tracingSamplingPercent?: number;

  /**
   * Name of the extension provider that receives spans. It must be declared in the mesh's configuration.
   * @default - no tracing
   * @argsPlain
   */
  readonly tracingProvider?: string;

  /**
   * Whether proxies write an access log to standard output (the journal, on machines).
   * @default false
   */
  readonly accessLog?: boolean;

  /**
   * Whether proxies answer the DNS queries of their workload, so that machines resolve names of the mesh. A group can say otherwise for
   * its machines: see DnsMode.
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
   * @argsPlain
   */
  readonly proxyMetadata?: Readonly<Record<string, string>>;
}

/** ProxyDefaults with the defaults filled in. */
export interface ResolvedProxyDefaults {
  /** See ProxyDefaults. */
  readonly holdApplicationUntilProxyStarts: boolean;
  /** See ProxyDefaults. */
  readonly tracingSamplingPercent: number;
  /** See ProxyDefaults; undefined means no tracing. */
  readonly tracingProvider: string | undefined;
  /** See ProxyDefaults. */
  readonly accessLog: boolean;
  /** See ProxyDefaults. */
  readonly dnsCapture: boolean;
  /** See ProxyDefaults. */
  readonly dnsAutoAllocate: boolean;
  /** See ProxyDefaults. */
  readonly proxyMetadata: Readonly<Record<string, string>>;
}
