import type { KubernetesObject } from './kubernetes-object';

/** The ServiceAccount of machines. No pod runs as it, so no token of it is ever mounted. */
export interface ServiceAccountObject extends KubernetesObject {
  readonly automountServiceAccountToken: boolean;
}

/** Builds the ServiceAccount that machines run as. */
export function serviceAccount(name: string, namespace: string): ServiceAccountObject {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace },
    automountServiceAccountToken: false,
  };
}
