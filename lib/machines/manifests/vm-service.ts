import type { ServiceSpec } from '../../../imports/k8s';
import type { KubernetesObject, Plain } from '../../core/kubernetes-object';
import { compact, nonEmpty } from '../../core/kubernetes-object';
import type { MachineServiceSpec, Member } from '../member';

/**
 * A Service over machines. istiod selects WorkloadEntries by its selector, in its own namespace alone; it must have a cluster IP,
 * because istiod gives a headless Service no machines.
 */
export function vmService(member: Member, service: MachineServiceSpec): KubernetesObject<Plain<ServiceSpec>> {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: compact({
      name: service.name,
      namespace: member.namespace,
      labels: nonEmpty(service.labels),
      annotations: nonEmpty(service.annotations),
    }),
    spec: {
      selector: member.selector,
      ports: service.ports.map((port) => compact({ ...port, protocol: 'TCP' as const })),
    },
  };
}
