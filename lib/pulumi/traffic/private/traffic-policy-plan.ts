import type * as pulumi from '@pulumi/pulumi';
import { checkTrafficPolicy, resolveTrafficPolicy } from '../../../traffic/private/traffic-policy';
import { ArgumentProblems } from '../../core/arguments';
import { type Plan, plan } from '../../core/plan';
import { groupOf, groupReference, type MemberReference } from '../../machines/references';
import { Surroundings } from '../../machines/surroundings';
import { type TrafficTargetData, targetReferences, trafficTargetData, trafficTargetOf } from '../convert/release';
import { hostTrafficOf } from '../convert/traffic';
import type { TrafficPolicyArgs } from '../traffic-policy-args';
import { claimHosts, type PlannedTraffic, plannedTraffic } from './traffic';

/** @throws InputPropertiesError with everything that is wrong with the arguments. */
export function planTrafficPolicy(name: string, args: TrafficPolicyArgs): Plan<PlannedTraffic> {
  const around = new Surroundings(name);
  const { target, versions, ...others } = args;
  const data = {
    others,
    target: trafficTargetData(target),
    versions: versions?.map((group, index) => groupReference(group, `versions[${index}]`)),
  };
  return plan(data, (unwrapped, run): PlannedTraffic => {
    const known = unwrapped as pulumi.Unwrap<Pick<typeof data, 'others'>> & {
      readonly target: TrafficTargetData;
      readonly versions: readonly MemberReference[] | undefined;
    };
    const problems = new ArgumentProblems(run);
    const { target: about, namespace } = trafficTargetOf(problems, known.target);
    const props = {
      ...hostTrafficOf(problems, '', known.others),
      target: about,
      versions: known.versions?.map((reference) => groupOf(problems, reference)),
    };
    const scope = around.scopeIn(run);
    const environment = around.environmentIn(run, [...targetReferences(known.target), ...(known.versions ?? [])]);
    const planned = resolveTrafficPolicy(props, namespace, environment);
    checkTrafficPolicy(problems.problems, scope, environment, props, planned);
    problems.throwIfAny(`TrafficPolicy ${name}`);
    claimHosts(scope, planned);
    return plannedTraffic(planned);
  });
}
