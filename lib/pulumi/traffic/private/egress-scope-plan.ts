import type * as pulumi from '@pulumi/pulumi';
import { claim } from '../../../core/claims';
import { EgressDestination } from '../../../traffic/egress-destination';
import { sidecar } from '../../../traffic/manifests/sidecar';
import { checkEgressScope, resolveEgressScope, scopeClaim } from '../../../traffic/private/egress-scope';
import { ArgumentProblems } from '../../core/arguments';
import { type Plan, plan } from '../../core/plan';
import type { PlannedObjects } from '../../core/planned-objects';
import { groupOf, groupReference, type MemberReference, machineOf, machineReference } from '../../machines/references';
import { Surroundings } from '../../machines/surroundings';
import type { EgressDestinationArgs, EgressScopeArgs, EgressServiceArgs } from '../egress-scope-args';

/** @throws InputPropertiesError with everything that is wrong with the arguments. */
export function planEgressScope(name: string, args: EgressScopeArgs): Plan<PlannedObjects> {
  const around = new Surroundings(name);
  const { group, destinations, ...others } = args;
  const data = {
    others,
    group: groupReference(group, 'group'),
    destinations: destinations.map((destination, index) => destinationData(destination, `destinations[${index}]`)),
  };
  return plan(data, (unwrapped, run): PlannedObjects => {
    const known = unwrapped as pulumi.Unwrap<Pick<typeof data, 'others'>> & Omit<typeof data, 'others'>;
    const problems = new ArgumentProblems(run);
    if (!known.group.ofProgram) {
      problems.add('group', 'the Services over the group must stay known to its machines; give the MeshVmGroup itself');
    }
    const props = {
      name: known.others.name,
      group: groupOf(problems, known.group),
      destinations: known.destinations.map((destination, index) =>
        destinationOf(problems, `destinations[${index}]`, destination),
      ),
      outbound: known.others.outbound,
    };
    const scope = around.scopeIn(run);
    const planned = resolveEgressScope(props, around.environmentIn(run, [known.group]));
    checkEgressScope(problems.problems, scope, props, planned);
    problems.throwIfAny(`EgressScope ${name}`);
    claim(scope, scopeClaim(planned));
    return { name: planned.name, namespace: planned.namespace, objects: { Resource: sidecar(planned) } };
  });
}

/** EgressDestinationArgs as data of a plan. */
interface DestinationData {
  readonly group?: MemberReference;
  readonly machine?: MemberReference;
  readonly service?: pulumi.Unwrap<EgressServiceArgs>;
  readonly host?: string;
  readonly namespace?: string;
}

function destinationData(args: EgressDestinationArgs, path: string): DestinationData {
  const { group, machine, ...others } = args;
  return {
    ...(others as pulumi.Unwrap<typeof others>),
    group: group && groupReference(group, `${path}.group`),
    machine: machine && machineReference(machine, `${path}.machine`),
  };
}

function destinationOf(problems: ArgumentProblems, path: string, data: DestinationData): EgressDestination {
  problems.rename(`${path}.name`, `${path}.service.name`);
  const destination = problems.one<DestinationData, EgressDestination>(path, data, {
    group: (reference) => EgressDestination.group(groupOf(problems, reference)),
    machine: (reference) => EgressDestination.machine(machineOf(problems, reference)),
    service: ({ name, namespace }, below) => {
      problems.rename(`${path}.namespace`, `${below}.namespace`);
      return EgressDestination.service(name, namespace);
    },
    host: (host) => EgressDestination.host(host),
    namespace: (name) => EgressDestination.namespace(name),
  });
  return destination ?? EgressDestination.namespace();
}
