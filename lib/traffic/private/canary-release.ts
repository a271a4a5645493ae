import type { Place } from '../../core/place';
import { isDeferred, type Problems, rule } from '../../core/problems';
import type { Registry } from '../../core/registry';
import { Warnings } from '../../core/warnings';
import type { IMeshVmGroup } from '../../machines/references';
import type { CanaryReleaseProps } from '../canary-release-props';
import { knownTarget } from '../traffic-hosts';
import { warnOfSingleMachines } from './canary-warnings';
import { checkRelease, checkShare, type Release, type ReleasePlan, releaseObjects, resolveRelease } from './release';
import { checkVersions, subsetOf } from './subsets';
import type { PlannedTraffic } from './traffic-policy';

const NOT_100 = rule({
  id: 'canary/not-100-percent',
  origin: 'meshvm',
  allowed: 'percentages whose sum is 100',
  remedy: 'correct the shares',
  source: 'meshvm: Istio takes any weights and divides by their sum',
});
const NO_VERSIONS = rule({
  id: 'canary/no-versions',
  origin: 'meshvm',
  allowed: 'at least one version',
  remedy: 'name the groups that the traffic is shared among',
  source: 'istio validateHTTPRoute: HTTP route, redirect or direct_response is required',
});
const NO_SERVICE = rule({
  id: 'canary/no-service',
  origin: 'meshvm',
  allowed: 'versions of which one has Services, or a target',
  remedy: 'let one of the groups have the Services, or set target.service',
  source: 'istio: traffic is shared out among the endpoints of a host that callers name',
});

/** The release in general terms. Total: it makes something of any properties, so that a test can build around the checks. */
export function releaseOf(props: CanaryReleaseProps): Release {
  const { versions, routes = [], mirror } = props;
  const groups = groupsOf(props);
  const owner = groups.find(({ serviceHosts }) => serviceHosts.length > 0) ?? groups[0];
  const target = knownTarget(props.target ?? (owner ? { group: owner } : { host: { name: '' } }));
  return {
    target,
    app: (target.labels ?? owner?.labels)?.app,
    subsets: groups.map(subsetOf),
    shares: versions.map(({ group, percent }) => ({ subset: subsetOf(group).name, percent })),
    routes: routes.map(({ match, group }) => ({ match, subset: subsetOf(group).name })),
    mirror: mirror && { subset: subsetOf(mirror.group).name, percent: mirror.percent ?? 100 },
    timeoutSeconds: props.timeoutSeconds,
    retries: props.retries,
    traffic: props.traffic ?? {},
  };
}

/** From the spec to the objects. @throws ValidationError with everything that is wrong. */
export function planCanaryRelease(spec: CanaryReleaseProps, place: Place): PlannedTraffic {
  const { path, program, namespace, problems } = place;
  const release = releaseOf(spec);
  const plan = resolveRelease(release, namespace, program);
  checkCanaryRelease(problems, program, spec, release, plan);
  const warnings = Warnings.of(place, spec);
  problems.throwIfAny(path);
  place.whenComplete(() => warnOfSingleMachines(warnings, program, spec));
  return releaseObjects(place, release, plan);
}

/** Everything about a canary release that Kubernetes or Istio would refuse, or take and then ignore. */
export function checkCanaryRelease(
  problems: Problems,
  program: Registry,
  props: CanaryReleaseProps,
  release: Release,
  plan: ReleasePlan,
): void {
  const { versions } = props;
  const groups = groupsOf(props);
  if (versions.length === 0) {
    problems.add(NO_VERSIONS, 'versions', []);
    return;
  }
  if (props.target === undefined && groups.every(({ serviceHosts }) => serviceHosts.length === 0)) {
    problems.add(
      NO_SERVICE,
      'target',
      versions.map(({ group }) => group.groupName),
    );
    return;
  }
  const percents = versions.map(({ percent }) => percent);
  percents.forEach((percent, index) => {
    checkShare(problems, `versions[${index}].percent`, percent);
  });
  const sum = percents.reduce((total, percent) => total + percent, 0);
  if (!percents.some(isDeferred) && sum !== 100) {
    problems.add(NOT_100, 'versions', percents, { allowed: `percentages whose sum is 100; these make ${sum}` });
  }
  const subset = (index: number) => propertyOf(props, groups, index);
  checkVersions(problems, groups, { namespace: plan.namespace, app: release.app }, subset);
  checkRelease(problems, program, release, plan, { subset, shares: 'versions', mirror: 'mirror.percent' });
}

/** Every group that the release names, once; one that `versions` names twice, twice. */
function groupsOf({ versions, routes = [], mirror }: CanaryReleaseProps): readonly IMeshVmGroup[] {
  const groups = versions.map(({ group }) => group);
  for (const group of [...routes.map((route) => route.group), ...(mirror ? [mirror.group] : [])]) {
    if (!groups.includes(group)) groups.push(group);
  }
  return groups;
}

function propertyOf(
  { versions, routes = [] }: CanaryReleaseProps,
  groups: readonly IMeshVmGroup[],
  index: number,
): string {
  if (index < versions.length) return `versions[${index}].group`;
  const route = routes.findIndex(({ group }) => group === groups[index]);
  return route < 0 ? 'mirror.group' : `routes[${route}].group`;
}
