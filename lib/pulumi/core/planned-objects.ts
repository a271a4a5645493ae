import type { KubernetesObject } from '../../core/kubernetes-object';

/** A component that consists of one named object, or a few. */
export interface PlannedObjects {
  readonly objects: Readonly<Record<string, KubernetesObject>>;
  readonly name: string;
  readonly namespace: string;
}
