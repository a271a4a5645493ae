import type { Mesh } from '../mesh/mesh';

/** The identity of a ServiceAccount as AuthorizationPolicy has it: without the scheme. */
export function principalOf(mesh: Mesh, namespace: string, serviceAccount: string): string {
  return mesh.spiffeId(namespace, serviceAccount).replace(/^spiffe:\/\//, '');
}
