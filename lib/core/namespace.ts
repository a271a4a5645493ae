import { compact, type KubernetesObject, nonEmpty } from './kubernetes-object';

/** A Namespace with the labels that make the mesh inject sidecars into its pods, or with none. */
export function namespace(name: string, labels: Readonly<Record<string, string>>): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: compact({ name, labels: nonEmpty(labels) }) };
}
