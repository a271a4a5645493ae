import { destinationRule } from '../../manifests/destination-rule';
import type { KubernetesObject } from '../../manifests/kubernetes-object';
import { virtualService } from '../../manifests/virtual-service';
import { claim } from '../../private/claims';
import { byKind } from '../../private/object-ids';
import type { ReleasePlan } from '../../private/release';
import type { Scope } from '../../private/scope';
import { ruleClaim, type TrafficPlan } from '../../private/traffic-policy';

/** All that a component about the traffic of hosts consists of. */
export interface PlannedTraffic {
  readonly objects: Readonly<Record<string, KubernetesObject>>;
  readonly hosts: readonly string[];
  readonly namespace: string;
}

/** The objects of a plan for hosts. */
export function plannedTraffic({ hosts, namespace, rules }: TrafficPlan): PlannedTraffic {
  return { objects: byKind(rules.map(destinationRule)), hosts: hosts.map(({ host }) => host), namespace };
}

/** The same with routes. */
export function plannedRelease({ services, ...plan }: ReleasePlan): PlannedTraffic {
  const traffic = plannedTraffic(plan);
  return { ...traffic, objects: { ...traffic.objects, ...byKind(services.map(virtualService)) } };
}

/** Makes the hosts the component's own: Istio takes one DestinationRule of each. */
export function claimHosts(scope: Scope, { hosts, namespace }: Pick<TrafficPlan, 'hosts' | 'namespace'>): void {
  for (const { host } of hosts) claim(scope, ruleClaim(namespace, host));
}
