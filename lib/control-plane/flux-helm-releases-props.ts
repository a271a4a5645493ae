import type { ControlPlane } from './control-plane';

/**
 * Properties of FluxHelmReleases.
 * @argsOmit
 */
export interface FluxHelmReleasesProps {
  /** The control plane to install. */
  readonly controlPlane: ControlPlane;

  /**
   * Whether to install the chart `base`: CRDs that all control planes of a cluster share. Of several control planes in one cluster
   * only one installs it.
   * @default true
   */
  readonly installBase?: boolean;

  /**
   * Namespace of the Flux objects. Flux must be allowed to install from there into the control plane's namespace.
   * @default - the control plane's
   */
  readonly namespace?: string;

  /**
   * Whether to declare the control plane's Namespace, with the label of the mesh's network. Without it, give it the control plane's
   * `namespaceLabels` elsewhere.
   * @default - whether the chart base is installed
   */
  readonly createNamespace?: boolean;

  /**
   * How often Flux looks for changes of what it installed.
   * @default 600
   */
  readonly intervalSeconds?: number;
}
