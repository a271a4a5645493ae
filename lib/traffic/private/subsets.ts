import { isDeferred, type Problems, rule } from '../../core/problems';
import type { Registry } from '../../core/registry';
import { checkMachineLabels } from '../../core/values/labels';
import { selectMembers } from '../../machines/declared-members';
import type { IMeshVmGroup } from '../../machines/references';
import type { SubsetSpec } from '../manifests/destination-rule';

const NAME_TWICE = rule({
  id: 'subset/name-twice',
  origin: 'istio',
  allowed: 'versions that differ in more than the characters other than letters, digits and "-"',
  remedy: 'name a group once; rename one of two versions such as 1.2 and 1-2',
  source: 'istio ValidateDestinationRule: duplicate subset names',
});
const OTHER_APPLICATION = rule({
  id: 'subset/other-application',
  origin: 'ignored',
  allowed: 'groups of one namespace and one canonicalService',
  remedy: 'give the groups the same canonicalService, and let one of them have the Services',
  source: 'istio: a subset holds endpoints of the host alone, and callers of an empty subset get 503',
});
const LEFT_OUT = rule({
  id: 'subset/version-left-out',
  origin: 'ignored',
  allowed: 'every version of the application that stands behind the Service',
  remedy: 'name it too, with 0 percent if it shall get nothing',
  source: 'istio: machines that are in no subset of a VirtualService get no traffic',
});

/** The application whose versions subsets are about. */
export interface Application {
  readonly namespace: string;
  /** Label `app` of the machines, or undefined when nobody knows it. */
  readonly app: string | undefined;
}

/** The machines of a group among those behind a host. */
export function subsetOf({ labels }: IMeshVmGroup): SubsetSpec {
  return { name: subsetName(labels.version), labels: { version: labels.version } };
}

/** A version as the name of a subset, which has no dots. A placeholder is one already. */
export function subsetName(version: string): string {
  return isDeferred(version) ? version : String(version).replace(/[^A-Za-z0-9-]/g, '-');
}

/** Names and labels of subsets, as Istio wants them. `propertyOf` says what its author wrote. */
export function checkSubsets(
  problems: Problems,
  subsets: readonly SubsetSpec[],
  propertyOf: (index: number) => string,
): void {
  const names = new Set<string>();
  subsets.forEach(({ name, labels }, index) => {
    const property = propertyOf(index);
    if (names.has(name)) problems.add(NAME_TWICE, property, name);
    names.add(name);
    checkMachineLabels(problems, property, labels, {});
  });
}

/** Groups that can be versions of the application. */
export function checkVersions(
  problems: Problems,
  groups: readonly IMeshVmGroup[],
  { namespace, app = groups[0]?.labels.app }: Application,
  propertyOf: (index: number) => string,
): void {
  groups.forEach((group, index) => {
    const { labels } = group;
    if ([labels.app, group.namespace, app, namespace].some(isDeferred)) return;
    if (group.namespace === namespace && labels.app === app) return;
    problems.add(OTHER_APPLICATION, propertyOf(index), `${group.namespace}/${labels.app}`, {
      allowed: `groups of canonicalService ${app} in namespace ${namespace}`,
    });
  });
}

/** That each group and machine of the application which the program has declared is in a subset. */
export function checkNobodyLeftOut(
  problems: Problems,
  program: Registry,
  property: string,
  { namespace, app }: Application,
  subsets: readonly SubsetSpec[],
): void {
  if (app === undefined || isDeferred(app) || isDeferred(namespace)) return;
  const declared = selectMembers(program, namespace, { app });
  const left = declared.filter(({ value }) => !subsets.some(({ labels }) => carries(value.labels, labels)));
  if (left.length === 0) return;
  const versions = [...new Set(left.map(({ value }) => value.labels.version))];
  problems.add(LEFT_OUT, property, versions, {
    allowed: `every version of ${app}: ${left.map(({ path }) => path).join(', ')} would get no traffic`,
  });
}

function carries(labels: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value || isDeferred(labels[key]));
}
