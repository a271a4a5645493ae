import type { WorkloadEntrySpec } from '../../../imports/networking.istio.io';
import type { KubernetesObject, Plain } from '../../core/kubernetes-object';
import { compact, nonEmpty } from '../../core/kubernetes-object';
import type { MachinePortSpec, Member } from '../member';

/** The WorkloadEntry of one machine with a fixed address. */
export function workloadEntry(machine: Member, address: string): KubernetesObject<Plain<WorkloadEntrySpec>> {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'WorkloadEntry',
    metadata: compact({
      name: machine.name,
      namespace: machine.namespace,
      annotations: nonEmpty(machine.annotations),
    }),
    spec: compact({
      address,
      labels: machine.labels,
      ports: nonEmpty(portMap(machine.ports)),
      serviceAccount: machine.serviceAccount,
      network: machine.network,
      locality: machine.locality,
      weight: machine.weight,
    }),
  };
}

/** Istio's form of ports: numbers by name. */
export function portMap(ports: readonly MachinePortSpec[]): Readonly<Record<string, number>> {
  return Object.fromEntries(ports.map(({ name, port }) => [name, port]));
}
