import type * as pulumi from '@pulumi/pulumi';
import { MigrationStep } from '../../../traffic/migration-step';
import { checkMigration, migrationOf } from '../../../traffic/private/migration';
import { resolveRelease } from '../../../traffic/private/release';
import { ArgumentProblems } from '../../core/arguments';
import { type Plan, plan } from '../../core/plan';
import { groupOf, groupReference, type MemberReference } from '../../machines/references';
import { Surroundings } from '../../machines/surroundings';
import {
  retriesOf,
  type TrafficTargetData,
  targetReferences,
  trafficTargetData,
  trafficTargetOf,
} from '../convert/release';
import { hostTrafficOf } from '../convert/traffic';
import type { MigrationArgs, MigrationStepArgs } from '../migration-args';
import { claimHosts, type PlannedTraffic, plannedRelease } from './traffic';

/** @throws InputPropertiesError with everything that is wrong with the arguments. */
export function planMigration(name: string, args: MigrationArgs): Plan<PlannedTraffic> {
  const around = new Surroundings(name);
  const { group, target, ...others } = args;
  const data = { others, group: groupReference(group, 'group'), target: target && trafficTargetData(target) };
  return plan(data, (unwrapped, run): PlannedTraffic => {
    const known = unwrapped as pulumi.Unwrap<Pick<typeof data, 'others'>> & {
      readonly group: MemberReference;
      readonly target: TrafficTargetData | undefined;
    };
    const { pods, direction, step, timeoutSeconds, retries, traffic } = known.others;
    const problems = new ArgumentProblems(run);
    const placed = known.target && trafficTargetOf(problems, known.target);
    const props = {
      group: groupOf(problems, known.group),
      pods,
      direction,
      step: stepOf(problems, step),
      target: placed?.target,
      timeoutSeconds,
      retries: retries && retriesOf(problems, retries),
      traffic: traffic && hostTrafficOf(problems, 'traffic.', traffic),
    };
    const scope = around.scopeIn(run);
    const environment = around.environmentIn(run, [known.group, ...targetReferences(known.target)]);
    const release = migrationOf(props);
    const planned = resolveRelease(release, placed?.namespace ?? '', environment);
    checkMigration(problems.problems, scope, environment, props, release, planned);
    problems.throwIfAny(`Migration ${name}`);
    claimHosts(scope, planned);
    return plannedRelease(planned);
  });
}

function stepOf(problems: ArgumentProblems, args: pulumi.Unwrap<MigrationStepArgs>): MigrationStep {
  const step = problems.one<pulumi.Unwrap<MigrationStepArgs>, MigrationStep>('step', args, {
    start: () => MigrationStep.start(),
    mirrorPercent: (percent) => MigrationStep.mirror(percent),
    sharePercent: (percent) => MigrationStep.share(percent),
    done: () => MigrationStep.done(),
  });
  return step ?? MigrationStep.start();
}
