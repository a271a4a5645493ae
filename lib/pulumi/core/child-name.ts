import type * as pulumi from '@pulumi/pulumi';
import { declareObject } from '../../core/declared-objects';
import type { KubernetesObject } from '../../core/kubernetes-object';
import { FactKind, Registry } from '../../core/registry';
import { ArgumentProblems } from './arguments';
import { programRegistry } from './program';

/**
 * What the resource of an object is called: cluster, namespace and name of the object where they are known at once, else the name of
 * its component and the object's id in it.
 */
export function childName(
  component: string,
  id: string,
  { metadata }: Pick<KubernetesObject, 'metadata'>,
  cluster: pulumi.Input<string> | undefined,
): string {
  const parts = [cluster, ...('namespace' in metadata ? [metadata.namespace] : []), metadata.name];
  return parts.every(isKnown) ? parts.join('/') : `${component}-${id}`;
}

/**
 * Notes that a component declares an object, as far as it is known which one.
 *
 * @throws InputPropertiesError when another component of the program declares it.
 */
export function declareInCluster(
  parent: pulumi.ComponentResource,
  component: string,
  object: KubernetesObject,
  cluster: pulumi.Input<string> | undefined,
): void {
  const { name, namespace } = object.metadata;
  if (!isKnown(cluster) || !isKnown(name) || (namespace !== undefined && !isKnown(namespace))) return;
  const problems = new ArgumentProblems();
  declareObject(problems.problems, objectsIn(cluster), component, object);
  problems.throwIfAny(`${parent.constructor.name} ${component}`);
}

/** What has been declared in each cluster: one program may declare objects of the same name in several. */
function objectsIn(cluster: string): Registry {
  const program = programRegistry();
  const known = program.first(CLUSTER, cluster);
  if (known !== undefined) return known.value.objects;
  const objects = new Registry();
  program.declare(CLUSTER, cluster, { cluster, objects });
  return objects;
}

interface DeclaredCluster {
  readonly cluster: string;
  readonly objects: Registry;
}

const CLUSTER = new FactKind<DeclaredCluster>('objects of a cluster', ({ cluster }) => cluster);

function isKnown(value: unknown): value is string {
  return typeof value === 'string';
}
