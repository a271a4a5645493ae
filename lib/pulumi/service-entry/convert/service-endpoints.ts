import type * as pulumi from '@pulumi/pulumi';
import { Locality } from '../../../mesh/locality';
import { type VmServiceEndpoint, VmServiceEndpoints } from '../../../service-entry/vm-service-endpoints';
import type { ArgumentProblems } from '../../core/arguments';
import { groupOf, groupReference, type MemberReference, machineOf, machineReference } from '../../machines/references';
import type { DnsRoundRobinArgs, VmServiceEndpointArgs, VmServiceEndpointsArgs } from '../vm-service-endpoints-args';

/** VmServiceEndpointsArgs as data of a plan. */
export interface EndpointsData {
  readonly group?: MemberReference;
  readonly machine?: MemberReference;
  readonly matching?: Record<string, string>;
  readonly fromLabels?: Record<string, string>;
  readonly staticEndpoints?: pulumi.Unwrap<VmServiceEndpointArgs>[];
  readonly dns?: pulumi.Unwrap<VmServiceEndpointArgs>[];
  readonly dnsRoundRobin?: pulumi.Unwrap<DnsRoundRobinArgs>;
  readonly resolveHosts?: true;
  readonly passthrough?: true;
  readonly dynamicDns?: true;
}

/** Arguments with what is known of the machines that they refer to; Inputs are leaves of the plan. */
export function endpointsData(args: VmServiceEndpointsArgs): EndpointsData {
  const { group, machine, resolveHosts, passthrough, dynamicDns, ...others } = args ?? {};
  return {
    ...(others as pulumi.Unwrap<typeof others>),
    group: group && groupReference(group, 'endpoints.group'),
    machine: machine && machineReference(machine, 'endpoints.machine'),
    // `false` says no more than leaving it out.
    resolveHosts: resolveHosts || undefined,
    passthrough: passthrough || undefined,
    dynamicDns: dynamicDns || undefined,
  };
}

/** The machines that endpoints refer to. */
export function endpointReferences({ group, machine }: EndpointsData): readonly MemberReference[] {
  return [group, machine].filter((reference) => reference !== undefined);
}

/** Endpoints of a component's arguments; of what is wrong, which is noted, something with which the rest can be checked. */
export function endpointsOf(problems: ArgumentProblems, data: EndpointsData): VmServiceEndpoints {
  renameProperties(problems, data);
  const listed = (path: string, args: readonly pulumi.Unwrap<VmServiceEndpointArgs>[]) =>
    args.map((endpoint, index) => endpointOf(problems, `${path}[${index}]`, endpoint));
  const endpoints = problems.one<EndpointsData, VmServiceEndpoints>('endpoints', data, {
    group: (reference) => {
      const group = groupOf(problems, reference);
      return reference.declared ? VmServiceEndpoints.group(group) : unseen(group.labels);
    },
    machine: (reference) => {
      const machine = machineOf(problems, reference);
      return reference.declared ? VmServiceEndpoints.machine(machine) : unseen(machine.labels);
    },
    matching: (labels) => VmServiceEndpoints.matching(labels),
    fromLabels: (labels) => VmServiceEndpoints.fromLabels(labels),
    staticEndpoints: (args, path) => VmServiceEndpoints.static(listed(path, args)),
    dns: (args, path) => VmServiceEndpoints.dns(listed(path, args)),
    dnsRoundRobin: ({ endpoint }, path) =>
      VmServiceEndpoints.dnsRoundRobin(endpoint && endpointOf(problems, `${path}.endpoint`, endpoint)),
    resolveHosts: () => VmServiceEndpoints.resolveHosts(),
    passthrough: () => VmServiceEndpoints.passthrough(),
    dynamicDns: () => VmServiceEndpoints.dynamicDns(),
  });
  return endpoints ?? VmServiceEndpoints.fromLabels({ app: 'stand-in' });
}

/** Where the properties of the library's values stand among the arguments. */
function renameProperties(problems: ArgumentProblems, data: EndpointsData): void {
  for (const kind of ['staticEndpoints', 'dns'] as const) {
    data[kind]?.forEach((_, index) => void problems.rename(`endpoints[${index}]`, `endpoints.${kind}[${index}]`));
  }
  if (data.dnsRoundRobin?.endpoint) problems.rename('endpoints[0]', 'endpoints.dnsRoundRobin.endpoint');
  for (const kind of ['group', 'machine', 'matching', 'fromLabels'] as const) {
    if (data[kind] !== undefined) problems.rename('endpoints.labels', `endpoints.${kind}`);
  }
}

/** Machines whose ports nobody has told. */
function unseen({ app, version }: Readonly<Record<string, string>>): VmServiceEndpoints {
  return VmServiceEndpoints.fromLabels({ app, version });
}

function endpointOf(
  problems: ArgumentProblems,
  path: string,
  { locality: place, ...endpoint }: pulumi.Unwrap<VmServiceEndpointArgs>,
): VmServiceEndpoint {
  const locality =
    place && problems.convert(`${path}.locality`, () => Locality.of(place.region, place.zone, place.subzone));
  return { ...endpoint, locality };
}
