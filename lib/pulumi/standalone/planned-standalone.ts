import type { KubernetesObject } from '../../core/kubernetes-object';
import type { PlannedEnvoy } from '../../standalone/plan-standalone';

/** What a component of Envoys without a control plane declares, and says of them. */
export interface PlannedStandalone {
  readonly objects: Readonly<Record<string, KubernetesObject>>;
  readonly envoyName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly spiffeId: string;
  readonly files: Readonly<Record<string, string>>;
}

/** The planned Envoy as data. */
export function plannedStandalone(envoy: PlannedEnvoy): PlannedStandalone {
  const { objects, spec, namespace, serviceAccount } = envoy;
  return { objects, envoyName: spec.name, namespace, serviceAccount, spiffeId: spec.identity, files: envoy.files() };
}
