import { Problems } from '../core/problems';
import { checkSpiffeId } from '../core/values/identity-checks';
import { checkDnsLabel, checkDnsSubdomain } from '../core/values/names';
import type { Mesh } from './mesh';

/** Who a workload of the mesh is: the URI in its certificate. */
export class MeshIdentity {
  /**
   * Workloads with a ServiceAccount, in the mesh's own trust domain.
   *
   * @param namespace Namespace of the ServiceAccount.
   * @param name Name of the ServiceAccount.
   * @throws ValidationError for names that Kubernetes refuses.
   */
  public static serviceAccount(namespace: string, name: string): MeshIdentity {
    const problems = new Problems();
    checkDnsLabel(problems, 'namespace', namespace);
    checkDnsSubdomain(problems, 'name', name);
    problems.throwIfAny('MeshIdentity.serviceAccount');
    return new MeshIdentity(namespace, name, undefined);
  }

  /**
   * A SPIFFE ID as it stands in certificates, such as one of another trust domain.
   *
   * @param uri Such as `spiffe://cluster.local/ns/shop/sa/catalog`.
   * @throws ValidationError for a text that is no SPIFFE ID.
   */
  public static spiffe(uri: string): MeshIdentity {
    const problems = new Problems();
    checkSpiffeId(problems, 'uri', uri);
    problems.throwIfAny('MeshIdentity.spiffe');
    return new MeshIdentity(undefined, undefined, uri);
  }

  /** The SPIFFE ID, in a mesh that says which trust domain is its own. */
  public idIn(mesh: Mesh): string {
    return this.uri ?? mesh.spiffeId(this.namespaceName as string, this.serviceAccountName as string);
  }

  private constructor(
    /** Namespace of the ServiceAccount, or undefined for a SPIFFE ID. */
    public readonly namespaceName: string | undefined,
    /** Name of the ServiceAccount, or undefined for a SPIFFE ID. */
    public readonly serviceAccountName: string | undefined,
    /** The SPIFFE ID, or undefined for a ServiceAccount. */
    public readonly uri: string | undefined,
  ) {}
}
