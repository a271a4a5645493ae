import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { KubernetesObject } from '../../core/kubernetes-object';

/**
 * The annotation by which two programs that declare one object notice each other. Its value differs, so the API server reports a conflict
 * to the second one, which has done nothing then: without it, both would hold the object, and the first that goes would delete it.
 */
export const DECLARED_BY = 'meshvm/declared-by';

/** Registers an object by the resource of its kind. */
export function registerObject(
  name: string,
  object: KubernetesObject,
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  // Others may have moved into it by now, and it takes all with it.
  if (object.kind === 'Namespace') return register(name, object, { ...options, retainOnDelete: true });
  if (object.kind === 'ConfigMap') return registerConfigMap(name, object, options);
  return register(name, declared(name, object, options), options);
}

interface ConfigMapObject extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>>;
}

/**
 * A ConfigMap in two resources: one to make and delete it, another for what it holds. In one, the provider would delete and make it
 * anew at each change (unless the user's provider has `enableConfigMapMutable`), and whoever reads it then finds nothing.
 */
function registerConfigMap(
  name: string,
  object: ConfigMapObject,
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  const { data, ...empty } = object;
  const configMap = register(name, declared(name, empty, options), options);
  const { apiVersion, kind, metadata } = object;
  const annotations = { 'pulumi.com/patchForce': 'true' };
  const identity = { name: metadata.name, namespace: metadata.namespace, annotations };
  return new k8s.core.v1.ConfigMapPatch(
    name,
    { apiVersion, kind, metadata: identity, data } as k8s.core.v1.ConfigMapPatchArgs,
    { ...options, dependsOn: [configMap], deletedWith: configMap },
  );
}

function declared(name: string, object: KubernetesObject, { parent }: pulumi.CustomResourceOptions): KubernetesObject {
  const urn = pulumi.createUrn(name, typeOf(object), parent);
  // As an Output it would let the object wait for its component, which waits for the object.
  const declaredBy = new Promise<string>((resolve) => void urn.apply(resolve)) as unknown as string;
  const annotations = { ...object.metadata.annotations, [DECLARED_BY]: declaredBy };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function typeOf({ apiVersion, kind }: KubernetesObject): string {
  return `kubernetes:${apiVersion === 'v1' ? 'core/v1' : apiVersion}:${kind}`;
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
  'rbac.authorization.k8s.io/v1/ClusterRole': () => k8s.rbac.v1.ClusterRole,
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': () => k8s.rbac.v1.ClusterRoleBinding,
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
