import type { Place } from '../../core/place';
import type { PlannedObjects } from '../../core/planned-objects';
import { Warnings } from '../../core/warnings';
import { declareExports } from '../exported-hosts';
import { serviceEntry } from '../manifests/service-entry';
import { checkServiceEntry, resolveServiceEntry } from '../resolve-service-entry';
import { checkHostOwners, claimEntryHosts } from '../service-entry-hosts';
import type { VmServiceEntryProps } from '../vm-service-entry-props';
import { checkSelectedMachines } from './service-entry-machines';
import { warnOfExports } from './service-entry-warnings';

/** All that an entry consists of. */
export interface PlannedServiceEntry extends PlannedObjects {
  readonly hosts: readonly string[];
}

/** From the spec to the object. @throws ValidationError with everything that is wrong. */
export function planServiceEntry(spec: VmServiceEntryProps, place: Place): PlannedServiceEntry {
  const { path, id, program, namespace, problems } = place;
  const entry = resolveServiceEntry(spec, id, namespace);
  checkServiceEntry(problems, spec, entry);
  checkHostOwners(problems, program, entry);
  checkSelectedMachines(problems, program, spec, entry);
  const warnings = Warnings.of(place, spec);
  problems.throwIfAny(path);
  warnOfExports(warnings, program, entry);
  declareExports(program, path, entry);
  claimEntryHosts(program, path, entry);
  return {
    objects: { Resource: serviceEntry(entry) },
    name: entry.name,
    namespace: entry.namespace,
    hosts: entry.hosts,
  };
}
