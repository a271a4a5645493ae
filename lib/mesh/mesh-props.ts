import type { IstiodAccess } from './istiod-access';
import type { ProxyDefaults } from './proxy-defaults';
import type { Revision } from './revision';

/**
 * What one mesh and one of its control planes are called.
 * @argsDoc The mesh, and the names that control plane, gateway and machines have to agree on. Write it once in a program and hand it to every
 * component.
 */
export interface MeshProps {
  /** Mesh ID, as in `global.meshID`. One for all clusters of a mesh. */
  readonly meshId: string;

  /** Name of the cluster whose istiod the machines join, as in `global.multiCluster.clusterName`. */
  readonly clusterName: string;

  /**
   * Network of the cluster's pods, as in `global.network`. It ends up in the names of registered machines, so it must be lower case.
   */
  readonly network: string;

  /**
   * Trust domain of the mesh, the first part of every identity.
   * @default 'cluster.local'
   */
  readonly trustDomain?: string;

  /**
   * Domain of the cluster's Services, the end of every host in it, as in `global.proxy.clusterDomain`: what `kubelet --cluster-domain` and
   * CoreDNS were given.
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;

  /**
   * Namespace of istiod.
   * @default 'istio-system'
   * @argsPlain
   */
  readonly controlPlaneNamespace?: string;

  /**
   * The control plane's revision or revision tag.
   * @default Revision.default()
   * @argsDefault - the control plane without a revision
   */
  readonly revision?: Revision;

  /**
   * Istio version of the control plane and of the sidecar on the machines, such as `1.31.1`. At least 1.30.
   * @argsPlain
   */
  readonly istioVersion: string;

  /**
   * Kubernetes version of the cluster, such as `1.31`. Machines that join by themselves (`identity` of a group) need 1.31: their rights depend on
   * admission policies that older API servers refuse, while they take the rights.
   * @default - not checked when the program runs; a machine that finds its guards missing does not join
   * @argsPlain
   */
  readonly kubernetesVersion?: string;

  /**
   * How machines find istiod.
   * @default IstiodAccess.hostsEntry()
   * @argsDefault - an entry in the machines' hosts file, which follows the gateway's address
   */
  readonly istiodAccess?: IstiodAccess;

  /**
   * Settings that every proxy of the mesh starts from.
   * @default - see each property of ProxyDefaults
   */
  readonly proxy?: ProxyDefaults;
}
