import type { KubernetesObject } from '../core/kubernetes-object';
import type { KubernetesProbe } from './kubernetes-probe';
import { vmService } from './manifests/vm-service';
import { workloadEntry } from './manifests/workload-entry';
import { workloadGroup } from './manifests/workload-group';
import type { Member } from './member';
import { type OwnerProps, ownerObjects } from './owner-objects';

/** The objects of a group by the ids of their constructs, without what lets its machines join by themselves. */
export function groupObjects(
  props: OwnerProps,
  group: Member,
  probe: KubernetesProbe | undefined,
): Readonly<Record<string, KubernetesObject>> {
  return memberObjects(props, group, workloadGroup(group, probe));
}

/** The objects of a single machine by the ids of their constructs. */
export function machineObjects(
  props: OwnerProps,
  machine: Member,
  address: string,
): Readonly<Record<string, KubernetesObject>> {
  return memberObjects(props, machine, workloadEntry(machine, address));
}

/**
 * What istiod copies from a group into an entry when it makes the entry, and never again.
 *
 * Upstream: istio pilot/pkg/autoregistration workloadEntryFromGroup.
 */
export function copiedAtRegistration(group: Member): object {
  return { ...workloadGroup(group, undefined).spec };
}

/** What both have in common: their namespace and identity, the entry itself, and the Services over it. */
function memberObjects(
  props: OwnerProps,
  member: Member,
  entry: KubernetesObject,
): Readonly<Record<string, KubernetesObject>> {
  const objects: Record<string, KubernetesObject> = { ...ownerObjects(props, member), Resource: entry };
  for (const service of member.services) objects[`Service-${service.name}`] = vmService(member, service);
  return objects;
}
