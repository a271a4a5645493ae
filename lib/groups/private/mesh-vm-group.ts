import { revokedAccountObjects } from '../../access/revoked-accounts';
import type { KubernetesObject } from '../../core/kubernetes-object';
import type { Place } from '../../core/place';
import type { Problems } from '../../core/problems';
import { Warnings } from '../../core/warnings';
import { checkMachinesLetIn, declareComingMachines } from '../../gateway/source-ranges';
import { bootstrapObjects, checkBootstrap } from '../../join/bootstrap-objects';
import { checkExclusiveIdentity, claimIdentity } from '../../join/exclusive-identity';
import { warnOfClosedPorts } from '../../join/firewall-warnings';
import { checkGroup, checkSelection, declareGroup, declareNetwork } from '../../machines/declared-members';
import { type Member, serviceHostsOf } from '../../machines/member';
import { groupObjects } from '../../machines/member-objects';
import { checkProbe } from '../../machines/probe-checks';
import { checkMember, resolveMember } from '../../machines/resolve-member';
import { checkRevokedAccounts, declareRevokedAccounts } from '../../machines/revoked-accounts';
import { checkWaysOfServices } from '../../machines/ways-in';
import type { MeshVmGroupProps } from '../mesh-vm-group-props';
import { warnOfProbe } from './probe-warnings';

/** A group of machines: what they are, and their objects by the ids of their constructs. */
export interface PlannedGroup {
  readonly member: Member;
  readonly serviceHosts: readonly string[];
  /** SPIFFE identity of the machines. */
  readonly spiffeId: string;
  readonly objects: Readonly<Record<string, KubernetesObject>>;
}

/** From the spec to the objects. @throws ValidationError with everything that is wrong. */
export function planMeshVmGroup(spec: MeshVmGroupProps, place: Place): PlannedGroup {
  const { path, id, program, namespace, problems } = place;
  const member = resolveMember(spec, id, namespace);
  checkMeshVmGroup(problems, spec, member);
  checkGroup(problems, program, member);
  checkSelection(problems, program, member);
  checkWaysOfServices(problems, program, member);
  checkExclusiveIdentity(problems, program, spec, member);
  checkRevokedAccounts(problems, program, spec, member);
  const { identity, probe, mesh, gateway, network } = spec;
  if (gateway !== undefined) checkMachinesLetIn(problems, program, gateway, network);
  const warnings = Warnings.of(place, spec);
  problems.throwIfAny(path);
  warnOfProbe(warnings, probe, member);
  warnOfClosedPorts(warnings, spec.bootstrap);
  declareGroup(program, path, member);
  declareNetwork(program, path, network);
  claimIdentity(program, path, spec, member);
  declareRevokedAccounts(program, path, spec, member);
  if (gateway !== undefined) declareComingMachines(program, path, gateway, network);
  return {
    member,
    serviceHosts: serviceHostsOf(member),
    spiffeId: mesh.spiffeId(member.namespace, member.serviceAccount),
    objects: {
      ...revokedAccountObjects(spec, member),
      ...groupObjects(spec, member, probe),
      ...(identity === undefined ? {} : bootstrapObjects(spec, identity, member)),
    },
  };
}

/** Everything about a group that Kubernetes or Istio would refuse, or take and then ignore. */
function checkMeshVmGroup(problems: Problems, spec: MeshVmGroupProps, member: Member): void {
  checkMember(problems, spec, member);
  if (spec.probe !== undefined) checkProbe(problems.at('probe'), spec.probe);
  checkBootstrap(problems, spec, member);
}
