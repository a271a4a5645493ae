import type { KubernetesObject } from '../../core/kubernetes-object';
import type { PlannedEnvoy } from '../../standalone/plan-standalone';
import type { StandaloneUserDataProps } from '../../standalone/standalone-user-data';
import type { Face } from '../machines/component-plan';

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

/** The user-data of its machines; it is worth making once all Inputs are known. */
export function plannedUserData(envoy: PlannedEnvoy, told: StandaloneUserDataProps, { run, problems }: Face): string {
  const render = () => problems.convert('userData', () => envoy.userData('userData', told));
  // What is wrong whatever the Inputs will be is told before anything is registered.
  if (run.first && run.later !== undefined) render();
  return run.later ?? render() ?? '';
}
