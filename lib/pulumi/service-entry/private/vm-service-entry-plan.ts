import type * as pulumi from '@pulumi/pulumi';
import { claim } from '../../../core/claims';
import { serviceEntry } from '../../../service-entry/manifests/service-entry';
import { checkServiceEntry, resolveServiceEntry } from '../../../service-entry/private/service-entry';
import { checkHostOwners, hostClaim } from '../../../service-entry/private/service-entry-hosts';
import { checkSelectedMachines } from '../../../service-entry/private/service-entry-machines';
import { ArgumentProblems } from '../../core/arguments';
import { type Plan, plan } from '../../core/plan';
import type { PlannedObjects } from '../../core/planned-objects';
import { Surroundings } from '../../machines/surroundings';
import { meshOrStandIn } from '../../mesh/convert/mesh';
import { type EndpointsData, endpointReferences, endpointsData, endpointsOf } from '../convert/service-endpoints';
import type { VmServiceEntryArgs } from '../vm-service-entry-args';

/** All that a ServiceEntry's component tells. */
export interface PlannedEntry extends PlannedObjects {
  readonly hosts: readonly string[];
}

/** @throws InputPropertiesError with everything that is wrong with the arguments. */
export function planServiceEntry(name: string, args: VmServiceEntryArgs): Plan<PlannedEntry> {
  const around = new Surroundings(name);
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
    const scope = around.scopeIn(run);
    const environment = around.programIn(run, references);
    checkServiceEntry(problems.problems, props, entry);
    checkHostOwners(problems.problems, scope, environment, entry);
    checkSelectedMachines(problems.problems, environment, props, entry);
    problems.throwIfAny(`VmServiceEntry ${name}`);
    for (const host of entry.hosts) claim(scope, hostClaim(entry.namespace, host));
    return {
      name: entry.name,
      namespace: entry.namespace,
      hosts: entry.hosts,
      objects: { Resource: serviceEntry(entry) },
    };
  });
}
