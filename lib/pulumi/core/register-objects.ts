import type * as pulumi from '@pulumi/pulumi';
import type { KubernetesObject } from '../../core/kubernetes-object';
import { childName, declareInCluster } from './child-name';
import { registerObject } from './kubernetes-resource';
import type { Plan } from './plan';

/**
 * Registers Kubernetes objects as children of a component: each with its own resource, so that a preview shows it. A Namespace among
 * them comes before what lies in it, what an object needs before that object, and what the component depends on before all of them.
 * None is made before all Inputs are known and found to be right.
 *
 * Children are named after their objects where these are known, and not after the component: a component that is renamed keeps them.
 *
 * @param planned The objects by the ids of their constructs.
 * @param mesh Tells clusters apart, in which one program may declare objects of the same name.
 * @throws InputPropertiesError when another component of the program declares one of the objects.
 */
export function registerObjects(
  parent: pulumi.ComponentResource,
  name: string,
  { shape, result, warnOn }: Plan<{ readonly objects: Readonly<Record<string, KubernetesObject>> }>,
  options: pulumi.ComponentResourceOptions | undefined,
  mesh?: { readonly clusterName: pulumi.Input<string> },
): Readonly<Record<string, pulumi.CustomResource>> {
  warnOn?.(parent);
  const registered: Record<string, pulumi.CustomResource> = {};
  // Pulumi hands a component's dependencies on to none of its children.
  const before = [...dependencies(options), onceChecked(result)];
  const entries = Object.entries(shape.objects).sort(([, a], [, b]) => rank(a) - rank(b));
  for (const [id, object] of entries) {
    const first = entries
      .filter(
        ([other, { kind }]) => other in registered && (kind === 'Namespace' || AFTER[object.kind]?.includes(kind)),
      )
      .map(([other]) => registered[other]);
    declareInCluster(parent, name, object, mesh?.clusterName);
    const child = childName(name, id, object, mesh?.clusterName);
    registered[id] = registerObject(child, object, { parent, dependsOn: [...before, ...first] });
  }
  return registered;
}

/** Lets a resource wait for the checks over the real values, and fail with them. */
function onceChecked(result: pulumi.Output<unknown>): pulumi.Input<pulumi.Resource> {
  return result.apply(() => undefined) as unknown as pulumi.Output<pulumi.Resource>;
}

/** What a component's options make its children wait for. */
export function dependencies(options: pulumi.ComponentResourceOptions | undefined): pulumi.Input<pulumi.Resource>[] {
  const { dependsOn } = options ?? {};
  if (dependsOn === undefined) return [];
  return (Array.isArray(dependsOn) ? dependsOn : [dependsOn]) as pulumi.Input<pulumi.Resource>[];
}

/**
 * Kinds that wait for others of the same component: pods for their identity, and routes for their subsets, without which callers get
 * 503. In a group everything waits for the WorkloadGroup: refused, it leaves all of the group as it was. Then come guards, rights, so
 * that none is ever there without its guard, and at last what machines are told.
 */
const AFTER: Readonly<Record<string, readonly string[]>> = {
  Service: ['WorkloadGroup'],
  Deployment: ['ServiceAccount'],
  VirtualService: ['DestinationRule'],
  ValidatingAdmissionPolicy: ['WorkloadGroup'],
  ValidatingAdmissionPolicyBinding: ['ValidatingAdmissionPolicy'],
  ClusterRoleBinding: ['ClusterRole', 'ValidatingAdmissionPolicyBinding'],
  RoleBinding: ['Role', 'ValidatingAdmissionPolicyBinding'],
  ConfigMap: ['WorkloadGroup', 'ValidatingAdmissionPolicyBinding'],
};

const ORDER = ['Namespace', 'other', ...Object.keys(AFTER)];

function rank({ kind }: KubernetesObject): number {
  return ORDER.indexOf(ORDER.includes(kind) ? kind : 'other');
}
