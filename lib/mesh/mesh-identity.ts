import type { ServiceAccountSubject } from './service-account-subject';

/** Who a workload of the mesh is: the URI in its certificate. */
export class MeshIdentity {
  /**
   * Workloads with a ServiceAccount, in the mesh's own trust domain.
   *
   * @param namespace Namespace of the ServiceAccount.
   * @param name Name of the ServiceAccount.
   */
  public static serviceAccount(namespace: string, name: string): MeshIdentity {
    return new MeshIdentity({ serviceAccount: { namespace, name } });
  }

  /**
   * A SPIFFE ID as it stands in certificates, such as `spiffe://cluster.local/ns/shop/sa/catalog`, or one of another trust domain.
   *
   * @param uri The whole of it.
   */
  public static spiffe(uri: string): MeshIdentity {
    return new MeshIdentity({ spiffe: uri });
  }

  /** {@link MeshIdentity.serviceAccount} */
  declare public readonly serviceAccount?: ServiceAccountSubject;
  /** {@link MeshIdentity.spiffe} */
  declare public readonly spiffe?: string;

  private constructor(choice: MeshIdentity) {
    Object.assign(this, choice);
  }
}
