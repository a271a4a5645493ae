import type { GatewayChartProps } from '../gateway/gateway-chart';
import type { Mesh } from '../mesh/mesh';
import type { ChartSource } from './chart-source';
import type { ExtensionProvider } from './extension-provider';
import type { MeshNetwork } from './mesh-network';
import type { TrustedRoots } from './trusted-roots';

/**
 * Properties of ControlPlane.
 * @argsInline
 */
export interface ControlPlaneProps {
  /** The mesh, and the names that istiod, gateway and machines have to agree on. */
  readonly mesh: Mesh;

  /**
   * Name of the revision to install, where the mesh names a revision tag.
   * @default - the mesh's own revision; the unrevisioned control plane when it names a tag
   * @argsPlain
   */
  readonly revision?: string;

  /**
   * Revision tags that point to this control plane. During a canary upgrade the new control plane has none: `[]`.
   * @default - the mesh's tag, or none
   * @argsPlain
   */
  readonly revisionTags?: readonly string[];

  /**
   * Revision whose webhook validates the objects that name no revision, in the whole cluster: `default` is the unrevisioned one.
   * During a canary upgrade the new control plane names the old revision here.
   * @default - this control plane's own
   * @argsPlain
   */
  readonly defaultRevision?: string;

  /**
   * Whether istiod registers machines that connect, from their WorkloadGroup.
   * @default true
   */
  readonly autoRegistration?: boolean;

  /**
   * Whether istiod takes unhealthy machines out of service.
   * @default true
   */
  readonly healthChecks?: boolean;

  /**
   * How long a machine may be disconnected before istiod removes its entry. istiod looks for entries that were left behind every ten
   * times as long.
   * @default 10
   */
  readonly disconnectGracePeriodSeconds?: number;

  /**
   * After how long istiod closes a proxy's connection, so that load spreads over its pods. An entry whose machine and istiod died
   * together is removed after one and a half times as long.
   * @default 1800
   */
  readonly maxServerConnectionAgeSeconds?: number;

  /**
   * After how long without a message istiod asks a proxy whether it is still there: a machine that loses power says nothing. Its entry
   * is gone after this time, `keepaliveTimeoutSeconds` and `disconnectGracePeriodSeconds` at the latest. istiod sends each proxy a ping
   * of a few bytes that often. Istio's own default is 30.
   * @default 10
   */
  readonly keepaliveIntervalSeconds?: number;

  /**
   * How long istiod waits for the answer before it ends the connection. Interruptions of the network that are shorter cost nothing;
   * after a longer one every proxy that was asked meanwhile connects anew.
   * @default 10
   */
  readonly keepaliveTimeoutSeconds?: number;

  /**
   * Trust domains whose identities count as the mesh's own, such as the one before a change.
   * @default []
   */
  readonly trustDomainAliases?: readonly string[];

  /**
   * Roots whose certificates the mesh takes besides its own, such as those of a Vault that gives standalone machines their identity. Each
   * sidecar and gateway asks istiod for them when its `proxyMetadata` has PROXY_CONFIG_XDS_AGENT, which the mesh must therefore set
   * (`proxy.proxyMetadata`), and pods that run already take it up when they start again.
   *
   * The other way is a shared root: istiod's own authority (the Secret `cacerts`) is signed by the root that signs the other authority,
   * too. Then this list stays empty.
   * @default []
   */
  readonly additionalRoots?: readonly TrustedRoots[];

  /**
   * Networks other than the mesh's own, such as those of machines in data centers.
   * @default []
   */
  readonly meshNetworks?: readonly MeshNetwork[];

  /**
   * Where spans and access logs go, and what else Istio's configuration names. The mesh's `proxy.tracingProvider` is one of them.
   * @default []
   */
  readonly extensionProviders?: readonly ExtensionProvider[];

  /**
   * Names of the providers that access logs go to, when the mesh's `proxy.accessLog` is on.
   * @default ['envoy']
   * @argsPlain
   */
  readonly accessLogProviders?: readonly string[];

  /**
   * Pods of istiod at least. From two on Kubernetes may not take the last one away.
   * @default 2
   */
  readonly minReplicas?: number;

  /**
   * Pods of istiod at most.
   * @default 5
   */
  readonly maxReplicas?: number;

  /**
   * Further environment of istiod. Variables that a property or Istio's chart sets are refused.
   * @default {}
   */
  readonly istiodEnv?: Readonly<Record<string, string>>;

  /**
   * Further mesh configuration, such as `outboundTrafficPolicy`. Settings that a property sets are refused.
   * @default {}
   * @argsType pulumi.Inputs
   */
  readonly meshConfig?: Readonly<Record<string, unknown>>;

  /**
   * Further values of the istiod chart, such as `resources` or `global.hub`. Values that a property sets are refused.
   * @default {}
   * @argsType pulumi.Inputs
   */
  readonly istiodValues?: Readonly<Record<string, unknown>>;

  /**
   * The east-west gateway, where Istio's gateway chart shall install it.
   * @default - none: EastWestGateway makes it
   */
  readonly gateway?: GatewayChartProps;

  /**
   * Where Argo CD and Flux fetch Istio's charts.
   * @default ChartSource.istioRelease()
   * @argsDoc Where Istio's charts are fetched from.
   * @argsDefault - Istio's own Helm repository, https://blob.istio.io/istio-release/charts; meshvm's tests don't fetch from it
   */
  readonly chartSource?: ChartSource;
}

/** Values for each of Istio's charts, as plain data. */
export interface HelmValues {
  /** Values of the chart `base`. */
  readonly base: Readonly<Record<string, unknown>>;
  /** Values of the chart `istiod`. */
  readonly istiod: Readonly<Record<string, unknown>>;
  /**
   * Values of the chart `gateway`.
   * @default - no gateway by chart
   */
  readonly gateway?: Readonly<Record<string, unknown>>;
}

/** One Helm release of a control plane. */
export interface ControlPlaneRelease {
  /** Name of the chart: `base`, `istiod` or `gateway`. */
  readonly chart: string;
  /** Version of the chart. */
  readonly version: string;
  /** Name of the release. */
  readonly releaseName: string;
  /** Namespace of the release. */
  readonly namespace: string;
  /** Values of the release, as plain data. */
  readonly values: Readonly<Record<string, unknown>>;
}
