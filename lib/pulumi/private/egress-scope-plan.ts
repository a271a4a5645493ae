import type * as pulumi from '@pulumi/pulumi';
import type { EgressDestination, OutboundTraffic } from '../../egress-scope';
import { sidecar } from '../../manifests/sidecar';
import { claim } from '../../private/claims';
import { checkEgressScope, resolveEgressScope, scopeClaim } from '../../private/egress-scope';
import type { EgressDestinationArgs, EgressScopeArgs, EgressServiceArgs } from '../egress-scope';
import { ArgumentProblems } from './arguments';
import { type Plan, plan } from './plan';
import type { PlannedPolicy } from './policy';
import { groupOf, groupReference, type MachinesReference, machineOf, machineReference } from './references';
import { Surroundings } from './surroundings';

/** @throws InputPropertiesError with everything that is wrong with the arguments. */
export function planEgressScope(name: string, args: EgressScopeArgs): Plan<PlannedPolicy> {
  const around = new Surroundings(name);
  const { group, destinations, ...others } = args;
  const data = {
    others,
    group: groupReference(group, 'group'),
    destinations: destinations.map((destination, index) => destinationData(destination, `destinations[${index}]`)),
  };
  return plan(data, (unwrapped, run): PlannedPolicy => {
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
      // Both faces' enums have Istio's own values.
      outbound: known.others.outbound as unknown as OutboundTraffic,
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
  readonly group?: MachinesReference;
  readonly machine?: MachinesReference;
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

/** As the factories of EgressDestination make it: they are in the file of a construct, which a Pulumi program has no use for. */
function destinationOf(problems: ArgumentProblems, path: string, data: DestinationData): EgressDestination {
  const ofMachines = ({ namespace, serviceHosts, node }: ReturnType<typeof groupOf | typeof machineOf>) =>
    destination({ namespaceName: namespace, hosts: serviceHosts, source: node.path });
  problems.rename(`${path}.name`, `${path}.service.name`);
  const made = problems.one<DestinationData, EgressDestination>(path, data, {
    group: (reference) => ofMachines(groupOf(problems, reference)),
    machine: (reference) => ofMachines(machineOf(problems, reference)),
    service: ({ name, namespace }, below) => {
      problems.rename(`${path}.namespace`, `${below}.namespace`);
      return destination({ namespaceName: namespace, serviceName: name });
    },
    host: (host) => destination({ namespaceName: '*', hosts: [host] }),
    namespace: (name) => destination({ namespaceName: name, hosts: ['*'] }),
  });
  return made ?? destination({ hosts: ['*'] });
}

function destination(known: Partial<EgressDestination>): EgressDestination {
  return { namespaceName: undefined, hosts: undefined, serviceName: undefined, source: undefined, ...known };
}
