import type { KubernetesObject } from '../core/kubernetes-object';
import type { RevokingProps } from '../machines/revoked-accounts';
import type { Mesh } from '../mesh/mesh';
import { authorizationPolicy } from './manifests/authorization-policy';
import { principalOf } from './principal';

/** Whose ServiceAccounts are revoked: a group, a machine, an Envoy without a control plane. */
export interface Revoking {
  readonly name: string;
  readonly namespace: string;
}

/**
 * The AuthorizationPolicy by which nobody in the mesh takes calls of revoked identities, by the id of its construct; nothing without any. It
 * stands in the root namespace, so that it holds for every workload, and goes before every policy that allows.
 *
 * It is needed beside the end of the ServiceAccount: istiod renews the certificate of whoever shows one, whatever has become of its
 * ServiceAccount. Upstream: istio security/pkg/server/ca/authenticate ClientCertAuthenticator.
 */
export function revokedAccountObjects(
  { mesh, revokedServiceAccounts = [] }: RevokingProps & { readonly mesh: Mesh },
  { name, namespace }: Revoking,
): Readonly<Record<string, KubernetesObject>> {
  if (revokedServiceAccounts.length === 0) return {};
  const principals = revokedServiceAccounts.map((account) => principalOf(mesh, namespace, account));
  return {
    RevokedServiceAccounts: authorizationPolicy({
      name: `meshvm.${namespace}.${name}.revoked`,
      namespace: mesh.controlPlaneNamespace,
      matchLabels: undefined,
      action: 'DENY',
      dryRun: false,
      rules: [{ sources: [{ principals }], methods: [], paths: [], ports: [], conditions: [] }],
    }),
  };
}
