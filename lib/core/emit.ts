import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { declareObject } from './declared-objects';
import type { KubernetesObject } from './kubernetes-object';
import { ManifestObject } from './manifest-object';
import { Problems } from './problems';
import { Registry } from './registry';

/**
 * The one way from a builder's plain object to the chart.
 *
 * @throws ValidationError when another construct of the program declared the same object.
 */
export function emit(scope: Construct, id: string, object: KubernetesObject): ApiObject {
  const problems = new Problems();
  declareObject(problems, Registry.ofProgram(scope), scope.node.path, object);
  problems.throwIfAny(scope.node.path);
  return new ManifestObject(scope, id, object);
}

/** Emits objects by the ids of their constructs. */
export function emitAll(scope: Construct, objects: Readonly<Record<string, KubernetesObject>>): void {
  for (const [id, object] of Object.entries(objects)) emit(scope, id, object);
}
