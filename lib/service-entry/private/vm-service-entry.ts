import type { KubernetesObject } from '../../core/kubernetes-object';
import type { Place } from '../../core/place';
import { serviceEntry } from '../manifests/service-entry';
import { checkServiceEntry, resolveServiceEntry } from '../resolve-service-entry';
import { checkHostOwners, claimEntryHosts } from '../service-entry-hosts';
import type { VmServiceEntryProps } from '../vm-service-entry-props';
import { checkSelectedMachines } from './service-entry-machines';

/** All that an entry consists of. */
export interface PlannedServiceEntry {
  /** By the ids of their constructs. */
  readonly objects: Readonly<Record<string, KubernetesObject>>;
  readonly name: string;
  readonly namespace: string;
  readonly hosts: readonly string[];
}

/** From the spec to the object. @throws ValidationError with everything that is wrong. */
export function planServiceEntry(
  spec: VmServiceEntryProps,
  { path, id, program, namespace, problems }: Place,
): PlannedServiceEntry {
  const entry = resolveServiceEntry(spec, id, namespace);
  checkServiceEntry(problems, spec, entry);
  checkHostOwners(problems, program, entry);
  checkSelectedMachines(problems, program, spec, entry);
  problems.throwIfAny(path);
  claimEntryHosts(program, path, entry);
  return {
    objects: { Resource: serviceEntry(entry) },
    name: entry.name,
    namespace: entry.namespace,
    hosts: entry.hosts,
  };
}
