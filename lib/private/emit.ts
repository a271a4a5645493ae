import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { MachineProps } from '../machine-props';
import type { KubernetesObject } from '../manifests/kubernetes-object';
import type { Machines } from '../manifests/machines';
import { namespace } from '../manifests/namespace';
import { serviceAccount } from '../manifests/service-account';
import { vmService } from '../manifests/vm-service';
import { Environment } from './environment';
import { ManifestObject } from './manifest-object';
import { Problems } from './problems';

/**
 * The one way from a builder's plain object to the chart.
 *
 * @throws ValidationError when another construct of the program declared the same object.
 */
export function emit(scope: Construct, id: string, object: KubernetesObject): ApiObject {
  const problems = new Problems();
  Environment.of(scope).declareObject(problems, scope.node.path, object);
  problems.throwIfAny(scope.node.path);
  return new ManifestObject(scope, id, object);
}

/** What a group and a single machine have in common: their namespace and identity, the entry itself, and the Services over it. */
export function emitMachines(scope: Construct, props: MachineProps, machines: Machines, entry: KubernetesObject): void {
  if (props.namespace?.created ?? true) {
    const labels = (props.namespace?.injected ?? true) ? props.mesh.injectionLabel : {};
    emit(scope, 'Namespace', namespace(machines.namespace, labels));
  }
  if (props.serviceAccount?.created ?? true) {
    emit(scope, 'ServiceAccount', serviceAccount(machines.serviceAccount, machines.namespace));
  }
  emit(scope, 'Resource', entry);
  for (const service of machines.services) emit(scope, `Service-${service.name}`, vmService(machines, service));
}
