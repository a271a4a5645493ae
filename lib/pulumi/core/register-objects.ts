import * as k8s from '@pulumi/kubernetes';
import type * as pulumi from '@pulumi/pulumi';
import type { KubernetesObject } from '../../core/kubernetes-object';

/**
 * Registers Kubernetes objects as children of a component: each with its own resource, so that a preview shows it. Their names are the
 * component's name and the ids of `objects`. A Namespace among them comes before what lies in it, what an object needs before that
 * object, and what the component depends on before all of them.
 */
export function registerObjects(
  parent: pulumi.ComponentResource,
  name: string,
  objects: Readonly<Record<string, KubernetesObject>>,
  options: pulumi.ComponentResourceOptions | undefined,
): Readonly<Record<string, pulumi.CustomResource>> {
  const registered: Record<string, pulumi.CustomResource> = {};
  // Pulumi hands a component's dependencies on to none of its children.
  const before = dependencies(options);
  const entries = Object.entries(objects).sort(([, a], [, b]) => rank(a) - rank(b));
  for (const [id, object] of entries) {
    const first = entries
      .filter(
        ([other, { kind }]) => other in registered && (kind === 'Namespace' || AFTER[object.kind]?.includes(kind)),
      )
      .map(([other]) => registered[other]);
    registered[id] = register(`${name}-${id}`, object, { parent, dependsOn: [...before, ...first] });
  }
  return registered;
}

/** What a component's options make its children wait for. */
export function dependencies(options: pulumi.ComponentResourceOptions | undefined): pulumi.Input<pulumi.Resource>[] {
  const { dependsOn } = options ?? {};
  if (dependsOn === undefined) return [];
  return (Array.isArray(dependsOn) ? dependsOn : [dependsOn]) as pulumi.Input<pulumi.Resource>[];
}

/**
 * Kinds that wait for others of the same component: pods for their identity, rights for what guards them, so that no right is ever
 * there without its guard, and routes for their subsets, without which callers get 503.
 */
const AFTER: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['ServiceAccount'],
  VirtualService: ['DestinationRule'],
  ValidatingAdmissionPolicyBinding: ['ValidatingAdmissionPolicy'],
  RoleBinding: ['Role', 'ValidatingAdmissionPolicyBinding'],
};

const ORDER = ['Namespace', 'other', ...Object.keys(AFTER)];

function rank({ kind }: KubernetesObject): number {
  return ORDER.indexOf(ORDER.includes(kind) ? kind : 'other');
}

type TypedResource = new (name: string, args: never, options: pulumi.CustomResourceOptions) => pulumi.CustomResource;

/** Resources of Kubernetes' own kinds, whose state the provider understands and waits for. */
const TYPED: Readonly<Record<string, () => TypedResource>> = {
  'v1/ConfigMap': () => k8s.core.v1.ConfigMap,
  'v1/Namespace': () => k8s.core.v1.Namespace,
  'v1/Secret': () => k8s.core.v1.Secret,
  'v1/Service': () => k8s.core.v1.Service,
  'v1/ServiceAccount': () => k8s.core.v1.ServiceAccount,
  'apps/v1/Deployment': () => k8s.apps.v1.Deployment,
  'autoscaling/v2/HorizontalPodAutoscaler': () => k8s.autoscaling.v2.HorizontalPodAutoscaler,
  'policy/v1/PodDisruptionBudget': () => k8s.policy.v1.PodDisruptionBudget,
  'rbac.authorization.k8s.io/v1/Role': () => k8s.rbac.v1.Role,
  'rbac.authorization.k8s.io/v1/RoleBinding': () => k8s.rbac.v1.RoleBinding,
  'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy': () =>
    k8s.admissionregistration.v1.ValidatingAdmissionPolicy,
  'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding': () =>
    k8s.admissionregistration.v1.ValidatingAdmissionPolicyBinding,
};

function register(
  name: string,
  object: KubernetesObject,
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  const typed = TYPED[`${object.apiVersion}/${object.kind}`];
  if (typed !== undefined) return new (typed())(name, object as never, options);
  return new k8s.apiextensions.CustomResource(name, object as k8s.apiextensions.CustomResourceArgs, options);
}
