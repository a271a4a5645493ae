import type * as pulumi from '@pulumi/pulumi';
import type { GatewayChartArgs } from '../gateway/gateway-chart-args';
import type { MeshArgs } from '../mesh/mesh-args';
import type { ChartSourceArgs } from './chart-source-args';
import type { ExtensionProviderArgs } from './extension-provider-args';
import type { MeshNetworkArgs } from './mesh-network-args';
import type { TrustedRootsArgs } from './trusted-roots-args';

/** Arguments of ControlPlane. */
export interface ControlPlaneArgs {
  /** The mesh, and the names that istiod, gateway and machines have to agree on. */
  readonly mesh: MeshArgs;

  /**
   * How the charts get into the cluster. A change of it makes everything anew.
   * @default ControlPlaneDelivery.HelmRelease
   */
  readonly delivery?: ControlPlaneDelivery;

  /**
   * Where Istio's charts are fetched from.
   * @default - Istio's own Helm repository, https://blob.istio.io/istio-release/charts; meshvm's tests don't fetch from it
   */
  readonly chartSource?: ChartSourceArgs;

  /**
   * Whether the component creates the control plane's namespace, with the label that says its network. One that is there already needs
   * the label `topology.istio.io/network`.
   * @default true
   */
  readonly createNamespace?: boolean;

  /**
   * Whether to install the chart `base`: CRDs that all control planes of a cluster share. Of several control planes in one cluster
   * only one installs it.
   * @default true
   */
  readonly installBase?: boolean;

  /**
   * Name of the revision to install, where the mesh names a revision tag.
   * @default - the mesh's own revision; the unrevisioned control plane when it names a tag
   */
  readonly revision?: string;

  /**
   * Revision tags that point to this control plane. During a canary upgrade the new control plane has none: `[]`.
   * @default - the mesh's tag, or none
   */
  readonly revisionTags?: string[];

  /**
   * Revision whose webhook validates the objects that name no revision, in the whole cluster: `default` is the unrevisioned one.
   * During a canary upgrade the new control plane names the old revision here.
   * @default - this control plane's own
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
   * After how long without a message istiod asks a proxy whether it is still there: a machine that loses power says nothing. Istio's
   * own default is 30.
   * @default 10
   */
  readonly keepaliveIntervalSeconds?: number;

  /**
   * How long istiod waits for the answer before it ends the connection.
   * @default 10
   */
  readonly keepaliveTimeoutSeconds?: number;

  /**
   * Trust domains whose identities count as the mesh's own, such as the one before a change.
   * @default []
   */
  readonly trustDomainAliases?: pulumi.Input<string>[];

  /**
   * Roots whose certificates the mesh takes besides its own, such as those of a Vault that gives standalone machines their identity. The
   * mesh's `proxy.proxyMetadata` must have PROXY_CONFIG_XDS_AGENT "true": without it no sidecar asks istiod for them.
   * @default []
   */
  readonly additionalRoots?: TrustedRootsArgs[];

  /**
   * Networks other than the mesh's own, such as those of machines in data centers.
   * @default []
   */
  readonly meshNetworks?: MeshNetworkArgs[];

  /**
   * Where spans and access logs go, and what else Istio's configuration names. The mesh's `proxy.tracingProvider` is one of them.
   * @default []
   */
  readonly extensionProviders?: ExtensionProviderArgs[];

  /**
   * Names of the providers that access logs go to, when the mesh's `proxy.accessLog` is on.
   * @default ['envoy']
   */
  readonly accessLogProviders?: string[];

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
  readonly istiodEnv?: Record<string, pulumi.Input<string>>;

  /**
   * Further mesh configuration, such as `outboundTrafficPolicy`. Settings that a property sets are refused.
   * @default {}
   */
  readonly meshConfig?: pulumi.Inputs;

  /**
   * Further values of the istiod chart, such as `resources` or `global.hub`. Values that a property sets are refused.
   * @default {}
   */
  readonly istiodValues?: pulumi.Inputs;

  /**
   * The east-west gateway, where Istio's gateway chart shall install it.
   * @default - none: EastWestGateway makes it
   */
  readonly gateway?: GatewayChartArgs;
}

/** How charts get into the cluster. */
export enum ControlPlaneDelivery {
  /** As Helm releases (`kubernetes:helm.sh/v3:Release`), which Helm knows of, too. A preview shows the releases and their values. */
  HelmRelease = 'HelmRelease',
  /**
   * Rendered, each object a resource of its own (`kubernetes:helm.sh/v4:Chart`); Helm doesn't know of them. The Kubernetes provider
   * renders the charts when the program runs. meshvm's tests see which charts it is asked for, not what it makes of them.
   *
   * istiod writes into its webhooks (`caBundle`, `failurePolicy`), so an upgrade may meet a conflict there and need the annotation
   * `pulumi.com/patchForce`.
   */
  HelmTemplate = 'HelmTemplate',
}
