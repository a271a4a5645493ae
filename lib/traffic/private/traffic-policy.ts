import { checkCallerTls, declareCallerTls } from '../../access/tls-agreement';
import type { KubernetesObject } from '../../core/kubernetes-object';
import type { Place } from '../../core/place';
import { type Problems, rule } from '../../core/problems';
import type { Registry } from '../../core/registry';
import { checkDomainWhenComplete } from '../../mesh/cluster-domain';
import { checkHostClaims, checkTraffic, claimHosts, resolveRules, ruleObjects, type TrafficPlan } from '../host-rules';
import { checkHosts, knownTarget, resolveHosts } from '../traffic-hosts';
import type { TrafficPolicyProps } from '../traffic-policy-props';
import { callerTlsOf } from './caller-tls';
import { checkSubsets, checkVersions, subsetOf } from './subsets';
import { saysNothing } from './traffic-settings';

const EMPTY = rule({
  id: 'traffic/empty',
  origin: 'ignored',
  allowed: 'settings, settings of ports, or versions',
  remedy: 'say what shall hold for the host, or remove the policy',
  source: 'istio: a DestinationRule without trafficPolicy and subsets changes nothing',
});
const HOST_ANY_SUBSET = rule({
  id: 'traffic/versions-of-hosts-of-others',
  origin: 'meshvm',
  allowed: 'versions for a group, a machine, a Service or a ServiceEntry',
  remedy: 'use target.service for the Service that the groups stand behind',
  source: 'meshvm: nobody knows whether the groups stand behind the host',
});

/** From the spec to the objects. @throws ValidationError with everything that is wrong. */
export function planTrafficPolicy(spec: TrafficPolicyProps, place: Place): PlannedTraffic {
  const { path, program, namespace, problems } = place;
  const plan = resolveTrafficPolicy(spec, namespace, program);
  checkTrafficPolicy(problems, program, spec, plan);
  const tls = callerTlsOf(plan, spec);
  checkCallerTls(problems, program, tls, false);
  problems.throwIfAny(path);
  claimHosts(program, path, plan);
  if (spec.target.service !== undefined) checkDomainWhenComplete(place, 'target.service');
  declareCallerTls(place, tls);
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
