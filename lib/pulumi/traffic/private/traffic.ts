import { claim } from '../../../core/claims';
import type { KubernetesObject } from '../../../core/kubernetes-object';
import { byKind } from '../../../core/object-ids';
import type { Scope } from '../../../core/scope';
import { destinationRule } from '../../../traffic/manifests/destination-rule';
import { virtualService } from '../../../traffic/manifests/virtual-service';
import type { ReleasePlan } from '../../../traffic/private/release';
import { ruleClaim, type TrafficPlan } from '../../../traffic/private/traffic-policy';

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
