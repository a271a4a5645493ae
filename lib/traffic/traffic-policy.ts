import { Construct } from 'constructs';
import { emitAll } from '../core/emit';
import { placeOf } from '../core/place';
import { readSpec } from '../core/spec/spec';
import { planTrafficPolicy } from './private/traffic-policy';
import shapes from './shapes.json';
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
    const spec = readSpec(this.node.path, props, shapes, 'TrafficPolicyProps');
    const planned = planTrafficPolicy(spec, placeOf(this));

    this.hosts = planned.hosts;
    this.namespace = planned.namespace;

    emitAll(this, planned.objects);
  }
}
