import type { SidecarSpec } from '../../../imports/networking.istio.io';
import type { KubernetesObject, Plain } from '../../core/kubernetes-object';

/** A Sidecar as the builder sees it, every default filled in. Lists and keys are plain. */
export interface Sidecar {
  readonly name: string;
  readonly namespace: string;
  /** Labels of the workloads. */
  readonly labels: Readonly<Record<string, string>>;
  /** What the workloads see of the mesh, as `<namespace>/<host>`. */
  readonly hosts: readonly string[];
  /** REGISTRY_ONLY or ALLOW_ANY. */
  readonly outbound: string;
}

type Spec = Plain<SidecarSpec>;

/** Builds the Sidecar that says what workloads may call. */
export function sidecar({ name, namespace, labels, hosts, outbound }: Sidecar): KubernetesObject<Spec> {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Sidecar',
    metadata: { name, namespace },
    spec: {
      workloadSelector: { labels },
      // "~/*" is how Istio writes that there is nothing.
      egress: [{ hosts: hosts.length > 0 ? hosts : ['~/*'] }],
      outboundTrafficPolicy: { mode: outbound as NonNullable<Spec['outboundTrafficPolicy']>['mode'] },
    },
  };
}
