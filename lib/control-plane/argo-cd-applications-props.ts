import type { ControlPlane } from './control-plane';

/**
 * Properties of ArgoCdApplications.
 * @argsOmit
 */
export interface ArgoCdApplicationsProps {
  /** The control plane to install. */
  readonly controlPlane: ControlPlane;

  /**
   * Whether to install the chart `base`: CRDs that all control planes of a cluster share. Of several control planes in one cluster
   * only one installs it.
   * @default true
   */
  readonly installBase?: boolean;

  /**
   * Namespace of Argo CD, where its Applications are.
   * @default 'argocd'
   */
  readonly namespace?: string;

  /**
   * Argo CD project of the Applications.
   * @default 'default'
   */
  readonly project?: string;

  /**
   * API server of the cluster to install in, as Argo CD knows it.
   * @default 'https://kubernetes.default.svc', the cluster of Argo CD itself, unless destinationName is set
   */
  readonly destinationServer?: string;

  /**
   * Name of the cluster to install in, as Argo CD knows it.
   * @default - destinationServer says it
   */
  readonly destinationName?: string;

  /**
   * What stands before the names of the Applications (`istio-base`, `istiod`, the gateway's), such as `prod-eu-`, where one Argo CD
   * serves several clusters.
   * @default ''
   */
  readonly namePrefix?: string;

  /**
   * Whether Argo CD applies changes, and undoes those made by hand, without being told. CRDs are never pruned.
   * @default true
   */
  readonly automatedSync?: boolean;
}
