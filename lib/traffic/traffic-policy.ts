import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { claim } from '../core/claims';
import { emitAll } from '../core/emit';
import { byKind } from '../core/object-ids';
import { Problems } from '../core/problems';
import { Environment } from '../machines/environment';
import { destinationRule } from './manifests/destination-rule';
import { checkTrafficPolicy, resolveTrafficPolicy, ruleClaim } from './private/traffic-policy';
import type { TrafficPolicyProps } from './traffic-policy-props';

/**
 * How callers treat the endpoints of a host: limits, ejection of failing machines, load balancing, localities, TLS. One
 * DestinationRule for each host, of which a program can have one alone: Istio would merge several without a word. The rule has the name
 * of the Service.
 *
 * Callers without a sidecar know nothing of it.
 *
 * @example
 * new TrafficPolicy(chart, 'traffic', {
 *   target: TrafficTarget.group(group),
 *   connectionPool: { tcp: { maxConnections: 200 } },
 *   outlierDetection: { consecutive5xxErrors: 5, maxEjectionPercent: 50 },
 * });
 * @throws ValidationError with every problem of the properties, and when another construct has the rule of a host.
 */
export class TrafficPolicy extends Construct {
  /** Hosts that the policy is about. */
  public readonly hosts: readonly string[];
  /** Namespace of the DestinationRules. */
  public readonly namespace: string;

  public constructor(scope: Construct, id: string, props: TrafficPolicyProps) {
    super(scope, id);
    const environment = Environment.of(this);
    const plan = resolveTrafficPolicy(props, Chart.of(this).namespace ?? '', environment);
    const problems = new Problems();
    checkTrafficPolicy(problems, this, environment, props, plan);
    problems.throwIfAny(this.node.path);
    for (const { host } of plan.hosts) claim(this, ruleClaim(plan.namespace, host));

    this.hosts = plan.hosts.map(({ host }) => host);
    this.namespace = plan.namespace;

    emitAll(this, byKind(plan.rules.map(destinationRule)));
  }
}
