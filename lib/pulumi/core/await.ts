import type { KubernetesObject } from '../../core/kubernetes-object';

/**
 * Services over machines, marked so that Pulumi doesn't wait for their pods: they have none, and the provider would give up after ten
 * minutes. Upstream: https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/#pulumi-kubernetes-annotations
 */
export function withoutAwait(
  objects: Readonly<Record<string, KubernetesObject>>,
): Readonly<Record<string, KubernetesObject>> {
  return Object.fromEntries(
    Object.entries(objects).map(([id, object]) => [id, object.kind === 'Service' ? marked(object) : object]),
  );
}

function marked(service: KubernetesObject): KubernetesObject {
  const annotations = { ...service.metadata.annotations, 'pulumi.com/skipAwait': 'true' };
  return { ...service, metadata: { ...service.metadata, annotations } };
}
