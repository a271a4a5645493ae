import type { RequestAuthenticationSpec } from '../../../imports/security.istio.io';
import type { KubernetesObject, Plain } from '../../core/kubernetes-object';
import { compact } from '../../core/kubernetes-object';

/** A RequestAuthentication as the builder sees it, every default filled in. Lists and keys are plain; empty lists say nothing. */
export interface RequestAuthenticationSettings {
  readonly name: string;
  readonly namespace: string;
  /** Labels of the workloads, or undefined for the whole namespace; for the mesh, in its root namespace. */
  readonly matchLabels: Readonly<Record<string, string>> | undefined;
  readonly issuer: string;
  readonly jwksUri: string | undefined;
  readonly jwks: string | undefined;
  readonly audiences: readonly string[];
  readonly fromHeaders: readonly { readonly name: string; readonly prefix?: string }[];
  readonly fromParams: readonly string[];
  readonly fromCookies: readonly string[];
  readonly forwardOriginalToken: boolean;
  readonly outputPayloadToHeader: string | undefined;
  readonly outputClaimToHeaders: readonly { readonly header: string; readonly claim: string }[];
}

type Spec = Plain<RequestAuthenticationSpec>;

/** Builds the RequestAuthentication that says whose tokens proxies verify. */
export function requestAuthentication(policy: RequestAuthenticationSettings): KubernetesObject<Spec> {
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'RequestAuthentication',
    metadata: { name: policy.name, namespace: policy.namespace },
    spec: compact({
      selector: policy.matchLabels && { matchLabels: policy.matchLabels },
      jwtRules: [
        compact({
          issuer: policy.issuer,
          jwksUri: policy.jwksUri,
          jwks: policy.jwks,
          audiences: some(policy.audiences),
          fromHeaders: some(policy.fromHeaders.map(compact)),
          fromParams: some(policy.fromParams),
          fromCookies: some(policy.fromCookies),
          forwardOriginalToken: policy.forwardOriginalToken || undefined,
          outputPayloadToHeader: policy.outputPayloadToHeader,
          outputClaimToHeaders: some(policy.outputClaimToHeaders),
        }),
      ],
    }),
  };
}

function some<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}
