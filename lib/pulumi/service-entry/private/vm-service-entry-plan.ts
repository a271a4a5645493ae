import type * as pulumi from '@pulumi/pulumi';
import { serviceEntry } from '../../../service-entry/manifests/service-entry';
import { checkSelectedMachines } from '../../../service-entry/private/service-entry-machines';
import { checkServiceEntry, resolveServiceEntry } from '../../../service-entry/resolve-service-entry';
import { checkHostOwners, claimEntryHosts } from '../../../service-entry/service-entry-hosts';
import { ArgumentProblems } from '../../core/arguments';
import { type Plan, plan } from '../../core/plan';
import type { PlannedObjects } from '../../core/planned-objects';
import { ProgramView } from '../../machines/program-view';
import { meshOrStandIn } from '../../mesh/convert/mesh';
import { type EndpointsData, endpointReferences, endpointsData, endpointsOf } from '../convert/service-endpoints';
import type { VmServiceEntryArgs } from '../vm-service-entry-args';

/** All that a ServiceEntry's component tells. */
export interface PlannedEntry extends PlannedObjects {
  readonly hosts: readonly string[];
}

/** @throws InputPropertiesError with everything that is wrong with the arguments. */
export function planServiceEntry(name: string, args: VmServiceEntryArgs): Plan<PlannedEntry> {
  const around = new ProgramView();
  const { endpoints, ...others } = args;
  const data = { others, endpoints: endpointsData(endpoints) };
  return plan(data, (unwrapped, run): PlannedEntry => {
    const known = unwrapped as pulumi.Unwrap<Pick<typeof data, 'others'>> & { readonly endpoints: EndpointsData };
    const problems = new ArgumentProblems(run);
    const references = endpointReferences(known.endpoints);
    const props = {
      ...known.others,
      mesh: meshOrStandIn(problems, known.others.mesh),
      endpoints: endpointsOf(problems, known.endpoints),
    };
    // Of machines by their outputs the endpoints don't say the namespace.
    const entry = resolveServiceEntry(props, name, references[0]?.machines.namespace ?? '');
    const program = around.in(run, references);
    checkServiceEntry(problems.problems, props, entry);
    checkHostOwners(problems.problems, program, entry);
    checkSelectedMachines(problems.problems, program, props, entry);
    problems.throwIfAny(`VmServiceEntry ${name}`);
    claimEntryHosts(program, name, entry);
    return {
      name: entry.name,
      namespace: entry.namespace,
      hosts: entry.hosts,
      objects: { Resource: serviceEntry(entry) },
    };
  });
}
