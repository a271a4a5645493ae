import type * as pulumi from '@pulumi/pulumi';

/** How machines of a group join and stay in the mesh. */
export interface BootstrapArgs {
  /**
   * Seconds between two looks at the cluster, 60 to 86400: how long it takes until a change reaches the machines.
   * @default 300
   */
  readonly refreshIntervalSeconds?: number;

  /**
   * Seconds over which machines spread a restart of their sidecars. 0 to 3600.
   * @default 60
   */
  readonly restartJitterSeconds?: number;

  /**
   * Least seconds between two restarts of a sidecar by the agent. 0 to 86400.
   * @default 300
   */
  readonly minimumRestartIntervalSeconds?: number;

  /**
   * Seconds that a machine stays away from istiod when something changes that istiod has registered of it: labels, annotations, ports,
   * locality, weight or ServiceAccount of its group. It must exceed the control plane's `disconnectGracePeriodSeconds` by a few seconds.
   * 2 to 300.
   * @default 15
   */
  readonly absenceSeconds?: number;

  /**
   * Seconds after which a machine that can't join gives its traffic capture up, so that it doesn't stay cut off. 60 to 3600.
   * @default 300
   */
  readonly deadManSeconds?: number;

  /**
   * Life of the tokens by which machines ask istiod for certificates, 600 to 3600 seconds.
   * @default 3600
   */
  readonly tokenLifetimeSeconds?: number;

  /**
   * Where the sidecar's package comes from. The default is checked against the checksum that lies beside it on the same server; pin your
   * own for production.
   * @default - published by Istio
   */
  readonly sidecarPackage?: SidecarPackageArgs;

  /**
   * Address ranges that the machines' applications reach directly, past the sidecar, besides the cloud's metadata service and the API
   * server.
   * @default []
   */
  readonly excludeCidrs?: pulumi.Input<string>[];
}

/** Where machines get the package `istio-sidecar` from. Exactly one property must be set. */
export interface SidecarPackageArgs {
  /**
   * A package whose SHA-256 you know: nothing else is ever installed. The choice for production.
   * @default - another property is set
   */
  readonly pinned?: PinnedPackageArgs;

  /**
   * A package checked against the `.sha256` file beside it: integrity, not origin.
   * @default - another property is set
   */
  readonly published?: PublishedPackageArgs;

  /**
   * Set to true when the package is on the machine's image: nothing is ever downloaded.
   * @default - another property is set
   */
  readonly preinstalled?: boolean;
}

/** SHA-256 of the `istio-sidecar` packages of the mesh's Istio version, in hexadecimal: at least those of the machines' kind. */
export interface PinnedPackageArgs {
  /**
   * `istio-sidecar.deb`, for x86-64.
   * @default - machines of that kind refuse to install
   */
  readonly debAmd64?: string;

  /**
   * `istio-sidecar-arm64.deb`.
   * @default - machines of that kind refuse to install
   */
  readonly debArm64?: string;

  /**
   * `istio-sidecar.rpm`, for x86-64.
   * @default - machines of that kind refuse to install
   */
  readonly rpmAmd64?: string;

  /**
   * `istio-sidecar-arm64.rpm`.
   * @default - machines of that kind refuse to install
   */
  readonly rpmArm64?: string;

  /**
   * Where `<version>/deb/istio-sidecar.deb` and its siblings lie.
   * @default - Istio's own releases
   */
  readonly baseUrl?: string;
}

/** A package checked against what is published beside it. */
export interface PublishedPackageArgs {
  /**
   * Where `<version>/deb/istio-sidecar.deb` and its siblings lie; https.
   * @default - Istio's own releases
   */
  readonly baseUrl?: string;
}
