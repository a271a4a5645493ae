import type { KubernetesObject } from './kubernetes-object';

/** A ConfigMap with the files of a group's machines. */
export interface ConfigMapObject extends KubernetesObject {
  readonly data: Readonly<Record<string, string>>;
}
