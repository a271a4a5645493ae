import type { KubernetesObject } from './kubernetes-object';

/** Objects by the ids of their constructs: each is named after its kind, further ones of a kind after their name too. */
export function byKind(objects: readonly KubernetesObject[]): Readonly<Record<string, KubernetesObject>> {
  const ids: Record<string, KubernetesObject> = {};
  for (const object of objects) {
    ids[Object.hasOwn(ids, object.kind) ? `${object.kind}-${object.metadata.name}` : object.kind] = object;
  }
  return ids;
}
