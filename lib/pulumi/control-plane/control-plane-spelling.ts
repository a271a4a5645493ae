import type { ControlPlaneProps } from '../../control-plane/control-plane-props';

/** Properties of ControlPlane. */
export interface ControlPlaneSpelling extends ControlPlaneProps {
  /**
   * How the charts get into the cluster. A change of it makes everything anew.
   * @default ControlPlaneDelivery.HelmRelease
   */
  readonly delivery?: ControlPlaneDelivery;

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
