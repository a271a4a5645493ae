import type { Problems } from '../core/problems';
import { checkSpiffeId } from '../core/values/identity-checks';
import { checkDnsLabel, checkDnsSubdomain } from '../core/values/names';
import type { Mesh } from './mesh';
import type { MeshIdentity } from './mesh-identity';

/** The SPIFFE ID of a workload, in a mesh that says which trust domain is its own. */
export function spiffeIdOf({ serviceAccount, spiffe }: MeshIdentity, mesh: Mesh): string {
  return serviceAccount === undefined ? (spiffe ?? '') : mesh.spiffeId(serviceAccount.namespace, serviceAccount.name);
}

/** Names that Kubernetes refuses, and texts that are no SPIFFE ID. */
export function checkMeshIdentity(problems: Problems, { serviceAccount, spiffe }: MeshIdentity): void {
  if (serviceAccount !== undefined) {
    checkDnsLabel(problems, 'serviceAccount.namespace', serviceAccount.namespace);
    checkDnsSubdomain(problems, 'serviceAccount.name', serviceAccount.name);
  }
  if (spiffe !== undefined) checkSpiffeId(problems, 'spiffe', spiffe);
}
