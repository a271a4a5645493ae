import type { KubernetesObject } from '../../core/kubernetes-object';
import type { Place } from '../../core/place';
import { isDeferred, type Problems, rule } from '../../core/problems';
import type { Registry } from '../../core/registry';
import { selectMembers } from '../../machines/declared-members';
import { hasSidecar } from '../../machines/member';
import { checkHostClaims, checkTraffic, claimHosts, resolveRules, ruleObjects, type TrafficPlan } from '../host-rules';
import { checkHosts, type KnownTarget, knownTarget, resolveHosts } from '../traffic-hosts';
import type { TrafficPolicyProps } from '../traffic-policy-props';
import { checkSubsets, checkVersions, subsetOf } from './subsets';
import { saysNothing } from './traffic-settings';

const EMPTY = rule({
  id: 'traffic/empty',
  origin: 'ignored',
  allowed: 'settings, settings of ports, or versions',
  remedy: 'say what shall hold for the host, or remove the policy',
  source: 'istio: a DestinationRule without trafficPolicy and subsets changes nothing',
});
const NO_SIDECAR = rule({
  id: 'traffic/mutual-tls-without-sidecar',
  origin: 'ignored',
  allowed: 'plain text to machines without a sidecar',
  remedy: 'leave tls out: Istio then speaks to each endpoint what it understands',
  source:
    'istio buildUpstreamTLSSettings: a mode in the DestinationRule holds for all endpoints, with a sidecar or not',
});
const HOST_ANY_SUBSET = rule({
  id: 'traffic/versions-of-hosts-of-others',
  origin: 'meshvm',
  allowed: 'versions for a group, a machine, a Service or a ServiceEntry',
  remedy: 'use target.service for the Service that the groups stand behind',
  source: 'meshvm: nobody knows whether the groups stand behind the host',
});

/** From the spec to the objects. @throws ValidationError with everything that is wrong. */
export function planTrafficPolicy(
  spec: TrafficPolicyProps,
  { path, program, namespace, problems }: Place,
): PlannedTraffic {
  const plan = resolveTrafficPolicy(spec, namespace, program);
  checkTrafficPolicy(problems, program, spec, plan);
  problems.throwIfAny(path);
  claimHosts(program, path, plan);
  return { ...factsOf(plan), objects: ruleObjects(plan) };
}

/** What callers of a construct about hosts may ask it. */
export function factsOf({
  hosts,
  namespace,
}: Pick<TrafficPlan, 'hosts' | 'namespace'>): Pick<PlannedTraffic, 'hosts' | 'namespace'> {
  return { hosts: hosts.map(({ host }) => host), namespace };
}

/** All that a construct about the traffic of hosts consists of. */
export interface PlannedTraffic {
  /** By the ids of their constructs. */
  readonly objects: Readonly<Record<string, KubernetesObject>>;
  readonly hosts: readonly string[];
  readonly namespace: string;
}

/** Fills in every default. Total: it makes something of any properties, so that a test can build around the checks. */
export function resolveTrafficPolicy(
  props: TrafficPolicyProps,
  chartNamespace: string,
  program: Registry | undefined,
): TrafficPlan {
  const target = knownTarget(props.target);
  const namespace = target.namespace ?? chartNamespace;
  const hosts = resolveHosts(target, namespace, program);
  return { namespace, hosts, rules: resolveRules(hosts, namespace, props, (props.versions ?? []).map(subsetOf)) };
}

/** Everything about a policy that Kubernetes or Istio would refuse, or take and then ignore. */
function checkTrafficPolicy(problems: Problems, program: Registry, props: TrafficPolicyProps, plan: TrafficPlan): void {
  const { versions = [] } = props;
  const target = knownTarget(props.target);
  checkHosts(problems, target, plan.namespace);
  checkHostClaims(problems, program, plan);
  checkTraffic(problems, props, plan.hosts);
  checkSidecars(problems, program, target, props, plan.namespace);
  if (saysNothing(props) && (props.ports ?? []).length === 0 && versions.length === 0) problems.add(EMPTY, '', {});
  const propertyOf = (index: number) => `versions[${index}]`;
  checkSubsets(problems, versions.map(subsetOf), propertyOf);
  if (versions.length === 0) return;
  if (target.hosts !== undefined && target.namespace === undefined) {
    problems.add(HOST_ANY_SUBSET, 'versions', target.hosts);
  } else {
    checkVersions(problems, versions, { namespace: plan.namespace, app: target.labels?.app }, propertyOf);
  }
}

function checkSidecars(
  problems: Problems,
  program: Registry,
  target: KnownTarget,
  { tls, ports = [] }: TrafficPolicyProps,
  namespace: string,
): void {
  const { app } = target.labels ?? {};
  if (app === undefined || isDeferred(app)) return;
  const bare = selectMembers(program, namespace, { app }).filter(({ value }) => !hasSidecar(value));
  if (bare.length === 0) return;
  const allowed = `plain text to ${bare.map(({ path }) => path).join(', ')}`;
  const levels = [
    { tls, property: 'tls' },
    ...ports.map((port, index) => ({ ...port, property: `ports[${index}].tls` })),
  ];
  for (const level of levels) {
    if (level.tls?.istioMutual) problems.add(NO_SIDECAR, level.property, level.tls, { allowed });
  }
}
