import type { PeerAuthenticationSpec } from '../../../imports/security.istio.io';
import type { KubernetesObject, Plain } from '../../core/kubernetes-object';
import { compact, nonEmpty } from '../../core/kubernetes-object';

/** A PeerAuthentication as the builder sees it, every default filled in. Lists and keys are plain. */
export interface PeerAuthentication {
  readonly name: string;
  readonly namespace: string;
  /** Labels of the workloads, or undefined for the whole namespace; for the mesh, in its root namespace. */
  readonly matchLabels: Readonly<Record<string, string>> | undefined;
  /** STRICT, PERMISSIVE, DISABLE or UNSET. */
  readonly mode: string;
  readonly ports: readonly PortMutualTlsSpec[];
}

/** The mode of a port of the workloads. */
export interface PortMutualTlsSpec {
  readonly port: number;
  readonly mode: string;
}

type Spec = Plain<PeerAuthenticationSpec>;
type Mode = NonNullable<Spec['mtls']>['mode'];

/** Builds the PeerAuthentication that says whether workloads take plain text. */
export function peerAuthentication(policy: PeerAuthentication): KubernetesObject<Spec> {
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: policy.name, namespace: policy.namespace },
    spec: compact({
      selector: policy.matchLabels && { matchLabels: policy.matchLabels },
      mtls: { mode: policy.mode as Mode },
      portLevelMtls: nonEmpty(
        Object.fromEntries(policy.ports.map(({ port, mode }) => [String(port), { mode: mode as Mode }])),
      ),
    }),
  };
}
