import type { Place } from '../../core/place';
import { isDeferred, type Problems, rule } from '../../core/problems';
import type { Registry } from '../../core/registry';
import type { MigrationProps } from '../migration-props';
import type { MigrationStep } from '../migration-step';
import { knownTarget } from '../traffic-hosts';
import { checkRelease, checkShare, type Release, type ReleasePlan, releaseObjects, resolveRelease } from './release';
import { checkVersions } from './subsets';
import type { PlannedTraffic } from './traffic-policy';

const NO_LABELS = rule({
  id: 'migration/no-labels',
  origin: 'ignored',
  allowed: 'at least one label',
  remedy: 'name a label that pods have, such as { version: "v2-pods" }',
  source: 'istio: a subset without labels holds every endpoint of the host, machines too',
});
const LABEL_UNKNOWN = rule({
  id: 'migration/label-unknown',
  origin: 'ignored',
  allowed: 'keys of labels that the group has too',
  remedy: 'give the group the label, with another value than the pods',
  source: 'istio: labels are all that tells the endpoints of a host apart',
});
const SAME_LABELS = rule({
  id: 'migration/same-labels',
  origin: 'ignored',
  allowed: 'labels of which one has another value than the group gives it',
  remedy: 'give pods or machines another version, or another label of their own',
  source: 'istio: both subsets would hold pods and machines alike',
});
const NO_SERVICE = rule({
  id: 'migration/no-service',
  origin: 'meshvm',
  allowed: 'a group with Services, or a target',
  remedy: 'set target.service to the Service that pods and machines stand behind',
  source: 'istio: traffic is shared out among the endpoints of a host that callers name',
});

/** The migration in general terms. Total: it makes something of any properties, so that a test can build around the checks. */
export function migrationOf(props: MigrationProps): Release {
  const { group, pods, direction, step } = props;
  const [to, from] = String(direction) === 'TO_PODS' ? ['pods', 'machines'] : ['machines', 'pods'];
  const percent = sharePercent(step);
  const share = { [to]: percent, [from]: 100 - percent };
  const keys = Object.keys(pods).filter((key) => group.labels[key] !== undefined);
  return {
    target: knownTarget(props.target ?? { group }),
    app: group.labels.app,
    subsets: [
      { name: 'machines', labels: Object.fromEntries(keys.map((key) => [key, group.labels[key]])) },
      { name: 'pods', labels: pods },
    ],
    shares: ['machines', 'pods'].map((subset) => ({ subset, percent: share[subset] })),
    routes: [],
    mirror: step.mirrorPercent === undefined ? undefined : { subset: to, percent: step.mirrorPercent },
    timeoutSeconds: props.timeoutSeconds,
    retries: props.retries,
    traffic: props.traffic ?? {},
  };
}

/** From the spec to the objects. @throws ValidationError with everything that is wrong. */
export function planMigration(spec: MigrationProps, place: Place): PlannedTraffic {
  const { path, program, namespace, problems } = place;
  const release = migrationOf(spec);
  const plan = resolveRelease(release, namespace, program);
  checkMigration(problems, program, spec, release, plan);
  problems.throwIfAny(path);
  return releaseObjects(place, release, plan);
}

/** Everything about a migration that Kubernetes or Istio would refuse, or take and then ignore. */
export function checkMigration(
  problems: Problems,
  program: Registry,
  props: MigrationProps,
  release: Release,
  plan: ReleasePlan,
): void {
  const { group, step, target } = props;
  if (target === undefined && group.serviceHosts.length === 0) {
    problems.add(NO_SERVICE, 'target', group.groupName);
    return;
  }
  checkShare(problems, 'step.sharePercent', sharePercent(step));
  const told = checkLabels(problems, props);
  const application = { namespace: plan.namespace, app: release.target.labels?.app ?? group.labels.app };
  checkVersions(problems, [group], application, () => 'group');
  const subset = (index: number) => (index === 0 ? 'group.labels' : 'pods');
  const properties = { subset, shares: 'group', mirror: 'step.mirrorPercent' };
  // With labels that tell nothing apart, who is left out means nothing either.
  checkRelease(problems, program, told ? release : { ...release, app: undefined }, plan, properties);
}

/** Percentage of the traffic that the new side gets. */
function sharePercent({ done, sharePercent = 0 }: MigrationStep): number {
  return done ? 100 : sharePercent;
}

function checkLabels(problems: Problems, { group, pods }: MigrationProps): boolean {
  const entries = Object.entries(pods);
  if (entries.length === 0) problems.add(NO_LABELS, 'pods', pods);
  const unknown = entries.filter(([key]) => group.labels[key] === undefined);
  for (const [key, value] of unknown) {
    const allowed = `keys of labels of ${group.groupName}: ${Object.keys(group.labels).join(', ')}`;
    problems.add(LABEL_UNKNOWN, `pods["${key}"]`, value, { allowed });
  }
  if (entries.length === 0 || unknown.length > 0) return false;
  const differ = entries.some(([key, value]) => value !== group.labels[key] || isDeferred(value));
  if (!differ) problems.add(SAME_LABELS, 'pods', pods);
  return differ;
}
