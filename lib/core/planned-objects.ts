import type { KubernetesObject } from './kubernetes-object';

/** A construct that consists of one named object, or a few. */
export interface PlannedObjects {
  readonly objects: Readonly<Record<string, KubernetesObject>>;
  readonly name: string;
  readonly namespace: string;
}
