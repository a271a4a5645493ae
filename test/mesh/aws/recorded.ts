import type { Registered } from '../../pulumi/program';
import type { KubernetesObject } from '../harness';

/** The Kubernetes objects among what a Pulumi program has registered, as the provider would apply them, in order. */
export function kubernetesObjects(resources: readonly Registered[]): readonly KubernetesObject[] {
  return resources
    .filter(({ type, custom }) => custom && type.startsWith('kubernetes:'))
    .map(({ inputs, name }) => {
      if (inputs.apiVersion === undefined || inputs.kind === undefined) throw new Error(`${name} is no object`);
      return inputs as KubernetesObject;
    });
}
