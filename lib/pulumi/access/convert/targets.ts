import { Caller } from '../../../access/caller';
import { WorkloadTarget } from '../../../access/workload-target';
import type { ArgumentProblems } from '../../core/arguments';
import { groupOf, groupReference, type MemberReference, machineOf, machineReference } from '../../machines/references';
import type { CallerArgs } from '../caller-args';
import type { WorkloadTargetArgs } from '../workload-target-args';

/** WorkloadTargetArgs as data of a plan. */
export interface TargetData {
  readonly group?: MemberReference;
  readonly machine?: MemberReference;
  readonly namespace?: string;
  readonly mesh?: boolean;
}

/** CallerArgs as data of a plan. */
export interface CallerData extends Omit<TargetData, 'mesh'> {
  readonly standalone?: { readonly namespace: string; readonly serviceAccount: string };
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
  readonly authenticated?: boolean;
  readonly addresses?: string;
}

/** Arguments with what is known of the machines that they refer to; Inputs are leaves of the plan. */
export function targetData(args: WorkloadTargetArgs, path: string): TargetData {
  return withReferences(args, path) as TargetData;
}

/** The same of a caller. */
export function callerData(args: CallerArgs, path: string): CallerData {
  const { standalone, ...others } = args ?? {};
  // A component is a reference, too: only what is needed of it is data.
  const { namespace, serviceAccount } = standalone ?? {};
  return withReferences(
    { ...others, standalone: standalone && { namespace, serviceAccount } } as CallerArgs,
    path,
  ) as CallerData;
}

/** The machines that a target or caller refers to. */
export function referencesOf({ group, machine }: TargetData | CallerData): readonly MemberReference[] {
  return [group, machine].filter((reference) => reference !== undefined);
}

/** The target of a component's arguments; of one that is wrong, which is noted, one with which the rest can be checked. */
export function targetOf(problems: ArgumentProblems, path: string, data: TargetData): WorkloadTarget {
  const target = problems.one<TargetData, WorkloadTarget>(path, data, {
    group: (reference) => WorkloadTarget.group(groupOf(problems, reference)),
    machine: (reference) => WorkloadTarget.machine(machineOf(problems, reference)),
    namespace: (name) => WorkloadTarget.namespace(name),
    mesh: () => WorkloadTarget.mesh(),
  });
  return target ?? WorkloadTarget.namespace('stand-in');
}

/** The same of a caller. */
export function callerOf(problems: ArgumentProblems, path: string, data: CallerData): Caller {
  const caller = problems.one<CallerData, Caller>(path, data, {
    group: (reference) => Caller.group(groupOf(problems, reference)),
    machine: (reference) => Caller.machine(machineOf(problems, reference)),
    standalone: (envoy) => Caller.standalone(envoy),
    serviceAccount: ({ namespace, name }) => Caller.serviceAccount(namespace, name),
    namespace: (name) => Caller.namespace(name),
    authenticated: () => Caller.authenticated(),
    addresses: (cidr) => Caller.addresses(cidr),
  });
  return caller ?? Caller.authenticated();
}

function withReferences<Args extends Pick<WorkloadTargetArgs, 'group' | 'machine'>>(args: Args, path: string) {
  const { group, machine, ...others } = args ?? {};
  return {
    ...(others as Omit<Args, 'group' | 'machine'>),
    group: group && groupReference(group, `${path}.group`),
    machine: machine && machineReference(machine, `${path}.machine`),
  };
}
