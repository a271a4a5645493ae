import type * as pulumi from '@pulumi/pulumi';
import { RequestMatch } from '../../../traffic/request-match';
import { type Retries, RetryOn } from '../../../traffic/retries';
import { TrafficTarget } from '../../../traffic/traffic-target';
import type { ArgumentProblems } from '../../core/arguments';
import { groupOf, groupReference, type MemberReference, machineOf, machineReference } from '../../machines/references';
import type { RequestMatchArgs } from '../request-match-args';
import type { RetriesArgs } from '../retries-args';
import type { ExistingHostArgs, ExistingServiceArgs, TrafficTargetArgs } from '../traffic-target-args';

/** TrafficTargetArgs as data of a plan. */
export interface TrafficTargetData {
  readonly group?: MemberReference;
  readonly machine?: MemberReference;
  readonly service?: pulumi.Unwrap<ExistingServiceArgs>;
  readonly host?: pulumi.Unwrap<ExistingHostArgs>;
}

/** A target, and the namespace of objects about hosts that have none of their own. */
export interface PlacedTarget {
  readonly target: TrafficTarget;
  readonly namespace: string;
}

/** Arguments with what is known of the machines that they refer to; Inputs are leaves of the plan. */
export function trafficTargetData(args: TrafficTargetArgs): TrafficTargetData {
  const { group, machine, ...others } = args ?? {};
  return {
    ...(others as pulumi.Unwrap<typeof others>),
    group: group && groupReference(group, 'target.group'),
    machine: machine && machineReference(machine, 'target.machine'),
  };
}

/** The machines that a target refers to. */
export function targetReferences(data: TrafficTargetData | undefined): readonly MemberReference[] {
  return [data?.group, data?.machine].filter((reference) => reference !== undefined);
}

/** The target of a component's arguments; of one that is wrong, which is noted, one with which the rest can be checked. */
export function trafficTargetOf(problems: ArgumentProblems, data: TrafficTargetData): PlacedTarget {
  const [kind] = (['service', 'host'] as const).filter((key) => data[key] !== undefined);
  if (kind !== undefined) problems.rename('namespace', `target.${kind}.namespace`);
  problems.rename('target.name', 'target.service.name');
  problems.rename('target.ports', 'target.service.ports');
  const target = problems.one<TrafficTargetData, TrafficTarget>('target', data, {
    group: (reference) => TrafficTarget.group(groupOf(problems, reference)),
    machine: (reference) => TrafficTarget.machine(machineOf(problems, reference)),
    service: ({ name, namespace, ports }) => TrafficTarget.service(name, { namespace, ports }),
    host: ({ name }) => TrafficTarget.fromHost(name),
  });
  return {
    target: target ?? TrafficTarget.service('stand-in', { ports: [{ name: 'http', port: 80 }] }),
    namespace: target === undefined ? 'stand-in' : (data.host?.namespace ?? ''),
  };
}

/** The condition of a component's arguments; of one that is wrong, which is noted, one that no other is the same as. */
export function requestMatchOf(
  problems: ArgumentProblems,
  path: string,
  args: pulumi.Unwrap<RequestMatchArgs>,
): RequestMatch {
  const match = problems.one<pulumi.Unwrap<RequestMatchArgs>, RequestMatch>(path, args, {
    header: ({ name, value }) => RequestMatch.header(name, value),
    headerPrefix: ({ name, prefix }) => RequestMatch.headerPrefix(name, prefix),
    headerPresent: (name) => RequestMatch.headerPresent(name),
    cookie: ({ name, value }) => RequestMatch.cookie(name, value),
  });
  return match ?? RequestMatch.header('stand-in', path);
}

/**
 * Retries by a component's arguments.
 *
 * @param path Where they stand among the arguments.
 */
export function retriesOf(problems: ArgumentProblems, args: pulumi.Unwrap<RetriesArgs>, path = 'retries'): Retries {
  const { retryOn, retryOnStatus, ...others } = args;
  if (retryOn === undefined && retryOnStatus === undefined) return others;
  const conditions = retryOn?.map((condition, index) => {
    const known = CONDITIONS.get(condition);
    if (known === undefined) {
      const allowed = [...CONDITIONS.keys()].join(', ');
      problems.add(`${path}.retryOn[${index}]`, `${JSON.stringify(condition)} is not allowed; allowed: ${allowed}`);
    }
    return known ?? RetryOn.CONNECT_FAILURE;
  });
  retryOnStatus?.forEach((_, index) => {
    const position = (conditions?.length ?? 0) + index;
    problems.rename(`${path}.retryOn[${position}]`, `${path}.retryOnStatus[${index}]`);
  });
  return { ...others, retryOn: [...(conditions ?? []), ...(retryOnStatus ?? []).map((code) => RetryOn.status(code))] };
}

/** Both faces' conditions have Envoy's own names. */
const CONDITIONS: ReadonlyMap<string, RetryOn> = new Map(
  Object.values(RetryOn)
    .filter((value): value is RetryOn => value instanceof RetryOn)
    .map((condition) => [condition.condition, condition]),
);
