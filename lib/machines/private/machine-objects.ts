import type { KubernetesObject } from '../../core/kubernetes-object';
import { namespace } from '../../core/namespace';
import { serviceAccount } from '../../core/service-account';
import type { MachineProps } from '../machine-props';
import type { Machines } from '../manifests/machines';
import { vmService } from '../manifests/vm-service';

/**
 * What a group and a single machine have in common, by the ids of their constructs: their namespace and identity, the entry itself, and
 * the Services over it.
 */
export function machineObjects(
  props: MachineProps,
  machines: Machines,
  entry: KubernetesObject,
): Readonly<Record<string, KubernetesObject>> {
  const objects: Record<string, KubernetesObject> = {};
  if (props.namespace?.created ?? true) {
    const labels = (props.namespace?.injected ?? true) ? props.mesh.injectionLabel : {};
    objects.Namespace = namespace(machines.namespace, labels);
  }
  if (props.serviceAccount?.created ?? true) {
    objects.ServiceAccount = serviceAccount(machines.serviceAccount, machines.namespace);
  }
  objects.Resource = entry;
  for (const service of machines.services) objects[`Service-${service.name}`] = vmService(machines, service);
  return objects;
}
