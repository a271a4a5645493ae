import type { KubernetesObject } from '../../core/kubernetes-object';
import type { Problems } from '../../core/problems';
import { checkIpAddress } from '../../core/values/addresses';
import type { Member } from '../../machines/member';
import { machineObjects } from '../../machines/member-objects';
import { checkMember, resolveMember } from '../../machines/resolve-member';
import type { MeshVmProps } from '../mesh-vm-props';

/** Fills in every default of a single machine. */
export function resolveMeshVm(props: MeshVmProps, id: string, chartNamespace: string): Member {
  const machine = resolveMember(props, id, chartNamespace);
  return (props.sidecar ?? true) ? machine : withoutSidecar(machine);
}

/** Everything about a single machine that Kubernetes or Istio would refuse, or take and then ignore. */
export function checkMeshVm(problems: Problems, props: MeshVmProps, machine: Member): void {
  checkMember(problems, props, machine);
  checkIpAddress(problems, 'address', props.address);
}

/** The objects of a single machine, by the ids of their constructs. */
export function meshVmObjects(props: MeshVmProps, machine: Member): Readonly<Record<string, KubernetesObject>> {
  return machineObjects(props, machine, props.address);
}

/** istiod takes a WorkloadEntry with a ServiceAccount for one with a sidecar, unless this label says otherwise. */
function withoutSidecar(machine: Member): Member {
  return { ...machine, labels: { ...machine.labels, 'security.istio.io/tlsMode': 'disabled' } };
}
