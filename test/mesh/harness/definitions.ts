import type { ApiServer } from './api-server';
import type { JsonObject, KubernetesObject } from './kubernetes-object';

export function isDefinition(object: KubernetesObject): boolean {
  return object.kind === 'CustomResourceDefinition';
}

/** Waits until the API serves every kind that has been defined. */
export async function allDefinitionsEstablished(apiServer: ApiServer): Promise<void> {
  await apiServer.process.waitUntil('it serves all custom resources', async () => {
    const definitions = await apiServer.client.list('apiextensions.k8s.io/v1', 'CustomResourceDefinition');
    return definitions.every(({ status }) => {
      const { conditions } = (status ?? {}) as { readonly conditions?: readonly JsonObject[] };
      return conditions?.some(({ type, status: value }) => type === 'Established' && value === 'True');
    });
  });
}
