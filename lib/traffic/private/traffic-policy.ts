import { claim, claimantOf } from '../../core/claims';
import type { KubernetesObject } from '../../core/kubernetes-object';
import { byKind } from '../../core/object-ids';
import { isDeferred, type Problems, rule } from '../../core/problems';
import type { Scope } from '../../core/scope';
import { isPortNumber } from '../../core/values/ports';
import type { Environment } from '../../machines/environment';
import { hasSidecar } from '../../machines/member';
import type { Place } from '../../machines/place';
import { type DestinationRule, destinationRule, type SubsetSpec } from '../manifests/destination-rule';
import type { TrafficPolicyProps } from '../traffic-policy-props';
import type { HostTraffic, TrafficSettings } from '../traffic-settings';
import { checkSubsets, checkVersions, subsetOf } from './subsets';
import { checkHosts, type KnownTarget, knownTarget, resolveHosts, type TrafficHost } from './traffic-hosts';
import { checkSettings, saysNothing } from './traffic-settings';

const EMPTY = rule({
  id: 'traffic/empty',
  origin: 'ignored',
  allowed: 'settings, settings of ports, or versions',
  remedy: 'say what shall hold for the host, or remove the policy',
  source: 'istio: a DestinationRule without trafficPolicy and subsets changes nothing',
});
const PORT_EMPTY = rule({
  id: 'traffic/port-empty',
  origin: 'meshvm',
  allowed: 'settings of the port',
  remedy: 'say what shall hold for the port, or remove the entry',
  source: 'istio validatePortTrafficPolicies: port traffic policy must have at least one field',
});
const PORT_TWICE = rule({
  id: 'traffic/port-twice',
  origin: 'ignored',
  allowed: 'each port once',
  remedy: 'merge the two',
  source: 'istio GetPortLevelTrafficPolicy: the first entry of a port is used',
});
const PORT_UNKNOWN = rule({
  id: 'traffic/port-unknown',
  origin: 'ignored',
  allowed: 'a port of the Service',
  remedy: 'give the port that callers name, not that of the machines',
  source: 'istio: port levels go by the port of the Service; one that it does not have is never used',
});
const PORT_NUMBER = rule({
  id: 'traffic/port-number',
  origin: 'ignored',
  allowed: 'a whole number from 1 to 65535',
  remedy: 'give a port of the Service',
  source: 'istio: the webhook looks only whether a port is there',
});
const HOST_TWICE = rule({
  id: 'traffic/host-twice',
  origin: 'ignored',
  allowed: 'one TrafficPolicy, CanaryRelease or Migration for each host and namespace',
  remedy: 'merge the two: CanaryRelease and Migration take the settings of a policy as `traffic`',
  source:
    'istio mergeDestinationRule: of two DestinationRules of a host the older gives the settings, and subsets of both are mixed',
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
  { scope, environment, namespace, problems }: Place,
): PlannedTraffic {
  const plan = resolveTrafficPolicy(spec, namespace, environment);
  checkTrafficPolicy(problems, scope, environment, spec, plan);
  problems.throwIfAny(scope.node.path);
  claimHosts(scope, plan);
  return { ...factsOf(plan), objects: byKind(plan.rules.map(destinationRule)) };
}

/** What callers of a construct about hosts may ask it. */
export function factsOf({
  hosts,
  namespace,
}: Pick<TrafficPlan, 'hosts' | 'namespace'>): Pick<PlannedTraffic, 'hosts' | 'namespace'> {
  return { hosts: hosts.map(({ host }) => host), namespace };
}

/** Makes the hosts the construct's own: Istio takes one DestinationRule of each. */
export function claimHosts(scope: Scope, { hosts, namespace }: Pick<TrafficPlan, 'hosts' | 'namespace'>): void {
  for (const { host } of hosts) claim(scope, ruleClaim(namespace, host));
}

/** What only one DestinationRule of a program can have. */
export const ruleClaim = (namespace: string, host: string) => `DestinationRule ${namespace} ${host}`;

/** All that a construct about the traffic of hosts consists of. */
export interface PlannedTraffic {
  /** By the ids of their constructs. */
  readonly objects: Readonly<Record<string, KubernetesObject>>;
  readonly hosts: readonly string[];
  readonly namespace: string;
}

/** A policy with the hosts that it is about. */
export interface TrafficPlan {
  readonly namespace: string;
  readonly hosts: readonly TrafficHost[];
  readonly rules: readonly DestinationRule[];
}

/** Fills in every default. Total: it makes something of any properties, so that a test can build around the checks. */
export function resolveTrafficPolicy(
  props: TrafficPolicyProps,
  chartNamespace: string,
  environment: Environment | undefined,
): TrafficPlan {
  const target = knownTarget(props.target);
  const namespace = target.namespace ?? chartNamespace;
  const hosts = resolveHosts(target, namespace, environment);
  return { namespace, hosts, rules: resolveRules(hosts, namespace, props, (props.versions ?? []).map(subsetOf)) };
}

/** The DestinationRules of hosts. */
export function resolveRules(
  hosts: readonly TrafficHost[],
  namespace: string,
  traffic: HostTraffic,
  subsets: readonly SubsetSpec[],
): readonly DestinationRule[] {
  const settings = settingsOf(traffic);
  const ports = (traffic.ports ?? []).map((port) => ({ port: port.port, settings: over(settings, port) }));
  return hosts.map(({ host, name }) => ({ name, namespace, host, settings, ports, subsets }));
}

/** Everything about a policy that Kubernetes or Istio would refuse, or take and then ignore. */
export function checkTrafficPolicy(
  problems: Problems,
  scope: Scope,
  environment: Environment,
  props: TrafficPolicyProps,
  plan: TrafficPlan,
): void {
  const { versions = [] } = props;
  const target = knownTarget(props.target);
  checkHosts(problems, target, plan.namespace);
  checkHostClaims(problems, scope, plan);
  checkTraffic(problems, props, plan.hosts);
  checkSidecars(problems, environment, target, props, plan.namespace);
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

/** That no other construct of the program has a DestinationRule for one of the hosts. */
export function checkHostClaims(
  problems: Problems,
  scope: Scope,
  { namespace, hosts }: Pick<TrafficPlan, 'namespace' | 'hosts'>,
): void {
  for (const { host } of hosts) {
    const owner = isDeferred(host) ? undefined : claimantOf(scope, ruleClaim(namespace, host));
    if (owner === undefined) continue;
    problems.add(HOST_TWICE, 'target', host, { allowed: `hosts other than those of ${owner}` });
  }
}

/** What callers of the hosts shall do, on each port. */
export function checkTraffic(problems: Problems, traffic: HostTraffic, hosts: readonly TrafficHost[]): void {
  const known = hosts.every(({ ports }) => ports !== undefined);
  const all = known ? hosts.flatMap(({ ports = [] }) => ports) : undefined;
  const settings = settingsOf(traffic);
  checkSettings(problems, settings, settings, all);
  const seen = new Set<unknown>();
  traffic.ports?.forEach((port, index) => {
    const at = problems.at(`ports[${index}]`);
    const own = all?.filter((candidate) => candidate.port === port.port);
    if (!isDeferred(port.port)) {
      if (!isPortNumber(port.port)) at.add(PORT_NUMBER, 'port', port.port);
      else if (own?.length === 0) {
        at.add(PORT_UNKNOWN, 'port', port.port, {
          allowed: `one of ${[...new Set(all?.map((candidate) => candidate.port))].join(', ')}`,
        });
      }
      if (seen.has(port.port)) at.add(PORT_TWICE, 'port', port.port);
      seen.add(port.port);
    }
    if (saysNothing(port)) at.add(PORT_EMPTY, '', {});
    checkSettings(at, settingsOf(port), over(settings, port), own?.length === 0 ? undefined : own);
  });
}

function checkSidecars(
  problems: Problems,
  environment: Environment,
  target: KnownTarget,
  { tls, ports = [] }: TrafficPolicyProps,
  namespace: string,
): void {
  const { app } = target.labels ?? {};
  if (app === undefined || isDeferred(app)) return;
  const bare = environment.select(namespace, { app }).filter(({ machines }) => !hasSidecar(machines));
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

/** The five settings alone. */
function settingsOf({
  connectionPool,
  outlierDetection,
  loadBalancing,
  locality,
  tls,
}: TrafficSettings): TrafficSettings {
  return { connectionPool, outlierDetection, loadBalancing, locality, tls };
}

/** What holds for a port: its own settings, and the host's where it has none. */
function over(host: TrafficSettings, port: TrafficSettings): TrafficSettings {
  return {
    connectionPool: port.connectionPool ?? host.connectionPool,
    outlierDetection: port.outlierDetection ?? host.outlierDetection,
    loadBalancing: port.loadBalancing ?? host.loadBalancing,
    locality: port.locality ?? host.locality,
    tls: port.tls ?? host.tls,
  };
}
