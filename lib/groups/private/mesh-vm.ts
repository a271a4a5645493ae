import { revokedAccountObjects } from '../../access/revoked-accounts';
import type { KubernetesObject } from '../../core/kubernetes-object';
import type { Place } from '../../core/place';
import { rule } from '../../core/problems';
import { checkSelection, declareMachine, declareNetwork } from '../../machines/declared-members';
import { type Member, serviceHostsOf } from '../../machines/member';
import { machineObjects } from '../../machines/member-objects';
import { checkMember, resolveMember } from '../../machines/resolve-member';
import { checkRevokedAccounts, declareRevokedAccounts } from '../../machines/revoked-accounts';
import { checkWaysOfServices } from '../../machines/ways-in';
import type { MeshVmProps } from '../mesh-vm-props';
import { checkMachineAddress, declareMachineAddress } from './machine-address';

const PLAIN_BEHIND_GATEWAY = rule({
  id: 'machine/no-sidecar-behind-gateway',
  origin: 'ignored',
  allowed: 'machines with a sidecar in networks behind a gateway',
  remedy: 'give the machine a sidecar; or make it reachable from the pods, and say network.flat',
  source:
    'istio EndpointsByNetworkFilter: a gateway hands on mutual TLS alone, so callers of other networks are not given the endpoint',
});

/** A single machine: what it is, and its objects by the ids of their constructs. */
export interface PlannedMachine {
  readonly member: Member;
  readonly serviceHosts: readonly string[];
  readonly objects: Readonly<Record<string, KubernetesObject>>;
}

/** From the spec to the objects. @throws ValidationError with everything that is wrong. */
export function planMeshVm(spec: MeshVmProps, { path, id, program, namespace, problems }: Place): PlannedMachine {
  const member = resolveMeshVm(spec, id, namespace);
  checkMember(problems, spec, member);
  if (spec.sidecar === false && spec.network.behindGateway !== undefined) {
    problems.add(PLAIN_BEHIND_GATEWAY, 'sidecar', spec.sidecar);
  }
  checkMachineAddress(problems, program, spec, member);
  checkSelection(problems, program, member);
  checkWaysOfServices(problems, program, member);
  checkRevokedAccounts(problems, program, spec, member);
  problems.throwIfAny(path);
  declareMachine(program, path, member);
  declareNetwork(program, path, spec.network);
  declareMachineAddress(program, path, spec, member);
  declareRevokedAccounts(program, path, spec, member);
  const objects = { ...revokedAccountObjects(spec, member), ...machineObjects(spec, member, spec.address) };
  return { member, serviceHosts: serviceHostsOf(member), objects };
}

/** Fills in every default of a single machine. */
function resolveMeshVm(spec: MeshVmProps, id: string, chartNamespace: string): Member {
  const machine = resolveMember(spec, id, chartNamespace);
  return (spec.sidecar ?? true) ? machine : withoutSidecar(machine);
}

/** istiod takes a WorkloadEntry with a ServiceAccount for one with a sidecar, unless this label says otherwise. */
function withoutSidecar(machine: Member): Member {
  return { ...machine, labels: { ...machine.labels, 'security.istio.io/tlsMode': 'disabled' } };
}
