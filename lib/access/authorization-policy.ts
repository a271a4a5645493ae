import { Construct } from 'constructs';
import { emitAll } from '../core/emit';
import { placeOf } from '../core/place';
import { readSpec } from '../core/spec/spec';
import type { AuthorizationPolicyProps } from './authorization-policy-props';
import { planAuthorizationPolicy } from './private/authorization-policy';
import shapes from './shapes.json';

/**
 * Who may call workloads: an AuthorizationPolicy. Policies add up: a call is refused when a DENY policy matches; else it is let in when
 * the workload has no ALLOW policy, or one matches. So the first ALLOW policy of a workload refuses everybody else.
 *
 * A caller that is told by its certificate must speak mutual TLS. Plain text has no identity: an ALLOW rule for a caller never lets it
 * in, whatever PeerAuthentication says, but a DENY rule for a caller does not stop it: require mutual TLS beside it. Where mutual TLS is
 * switched off (MutualTlsMode.DISABLE) nobody has an identity.
 *
 * HTTP calls are refused with status 403, others by the end of the connection. The sidecar enforces the policy, and only while it runs:
 * see MutualTls. Its own probe of the application does not pass through it, nor do 15020, 15021 and 15090, its ports for health and metrics.
 *
 * @example
 * new AuthorizationPolicy(chart, 'read-only', {
 *   mesh,
 *   target: WorkloadTarget.group(group),
 *   rules: [{ from: [Caller.namespace('reports')], methods: ['GET', 'HEAD'] }],
 * });
 * @throws ValidationError with every problem of the properties.
 */
export class AuthorizationPolicy extends Construct {
  /** Name of the AuthorizationPolicy. */
  public readonly policyName: string;
  /** Namespace of the AuthorizationPolicy: for the whole mesh that of the control plane. */
  public readonly namespace: string;

  public constructor(scope: Construct, id: string, props: AuthorizationPolicyProps) {
    super(scope, id);
    const spec = readSpec(this.node.path, props, shapes, 'AuthorizationPolicyProps');
    const planned = planAuthorizationPolicy(spec, placeOf(this));

    this.policyName = planned.name;
    this.namespace = planned.namespace;

    emitAll(this, planned.objects);
  }
}
