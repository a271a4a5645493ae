import type * as pulumi from '@pulumi/pulumi';
import { checkCanaryRelease, releaseOf } from '../../../traffic/private/canary-release';
import { resolveRelease } from '../../../traffic/private/release';
import { ArgumentProblems } from '../../core/arguments';
import { type Plan, plan } from '../../core/plan';
import type { GroupReferenceArgs } from '../../machines/reference-args';
import { groupOf, groupReference, type MemberReference } from '../../machines/references';
import { Surroundings } from '../../machines/surroundings';
import type { CanaryReleaseArgs } from '../canary-release-args';
import {
  requestMatchOf,
  retriesOf,
  type TrafficTargetData,
  targetReferences,
  trafficTargetData,
  trafficTargetOf,
} from '../convert/release';
import { hostTrafficOf } from '../convert/traffic';
import { claimHosts, type PlannedTraffic, plannedRelease } from './traffic';

/** @throws InputPropertiesError with everything that is wrong with the arguments. */
export function planCanaryRelease(name: string, args: CanaryReleaseArgs): Plan<PlannedTraffic> {
  const around = new Surroundings(name);
  const groups = new Groups();
  const { versions, target, routes, mirror, ...others } = args;
  const data = {
    others,
    target: target && trafficTargetData(target),
    versions: versions.map(({ group, percent }, index) => ({
      group: groups.add(group, `versions[${index}].group`),
      percent,
    })),
    routes: routes?.map(({ group, match }, index) => ({ group: groups.add(group, `routes[${index}].group`), match })),
    mirror: mirror && { group: groups.add(mirror.group, 'mirror.group'), percent: mirror.percent },
    groups: groups.references,
  };
  return plan(data, (unwrapped, run): PlannedTraffic => {
    const known = unwrapped as pulumi.Unwrap<Omit<typeof data, 'target' | 'groups'>> & {
      readonly target: TrafficTargetData | undefined;
      readonly groups: readonly MemberReference[];
    };
    const { retries, traffic, timeoutSeconds } = known.others;
    const problems = new ArgumentProblems(run);
    const all = known.groups.map((reference) => groupOf(problems, reference));
    const placed = known.target && trafficTargetOf(problems, known.target);
    const props = {
      versions: known.versions.map(({ group, percent }) => ({ group: all[group], percent })),
      target: placed?.target,
      routes: known.routes?.map(({ group, match }, index) => ({
        group: all[group],
        match: requestMatchOf(problems, `routes[${index}].match`, match),
      })),
      mirror: known.mirror && { group: all[known.mirror.group], percent: known.mirror.percent },
      timeoutSeconds,
      retries: retries && retriesOf(problems, retries),
      traffic: traffic && hostTrafficOf(problems, 'traffic.', traffic),
    };
    const scope = around.scopeIn(run);
    const environment = around.environmentIn(run, [...known.groups, ...targetReferences(known.target)]);
    const release = releaseOf(props);
    const planned = resolveRelease(release, placed?.namespace ?? '', environment);
    checkCanaryRelease(problems.problems, scope, environment, props, release, planned);
    problems.throwIfAny(`CanaryRelease ${name}`);
    claimHosts(scope, planned);
    return plannedRelease(planned);
  });
}

/** The groups that arguments name, each once: a version is told by its group. */
class Groups {
  public readonly references: MemberReference[] = [];
  private readonly indices = new Map<GroupReferenceArgs, number>();

  /** @returns The group's place in the list. */
  public add(group: GroupReferenceArgs, path: string): number {
    const known = this.indices.get(group);
    if (known !== undefined) return known;
    this.indices.set(group, this.references.length);
    return this.references.push(groupReference(group, path)) - 1;
  }
}
