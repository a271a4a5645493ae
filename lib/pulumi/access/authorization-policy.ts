import * as pulumi from '@pulumi/pulumi';
import { planAuthorizationPolicy } from '../../access/private/authorization-policy';
import shapes from '../../access/shapes.json';
import { registerObjects } from '../core/register-objects';
import { planComponent } from '../machines/component-plan';
import type { AuthorizationPolicyArgs } from './authorization-policy-args';
import { referOfRules } from './private/authentications';

/**
 * Who may call workloads: an AuthorizationPolicy, that of the cdk8s construct of the same name. Policies add up: a call is refused when a
 * DENY policy matches; else it is let in when the workload has no ALLOW policy, or one matches. So the first ALLOW policy of a workload
 * refuses everybody else.
 *
 * A caller that is told by its certificate must speak mutual TLS. Plain text has no identity: an ALLOW rule for a caller never lets it
 * in, but a DENY rule for a caller does not stop it: require mutual TLS beside it.
 *
 * The sidecar enforces the policy, and only while it runs: see MutualTls.
 *
 * @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered.
 */
export class AuthorizationPolicy extends pulumi.ComponentResource {
  /** Name of the AuthorizationPolicy. */
  public readonly policyName!: pulumi.Output<string>;
  /** Namespace of the AuthorizationPolicy: for the whole mesh that of the control plane. */
  public readonly namespace!: pulumi.Output<string>;

  public constructor(name: string, args: AuthorizationPolicyArgs, options?: pulumi.ComponentResourceOptions) {
    const planned = planComponent(name, args, {
      component: 'AuthorizationPolicy',
      shapes,
      plan: planAuthorizationPolicy,
      refer: referOfRules,
    });
    const { shape } = planned;
    super('meshvm:index:AuthorizationPolicy', name, {}, options);
    registerObjects(this, name, planned, options, args.mesh);

    this.policyName = pulumi.output(shape.name);
    this.namespace = pulumi.output(shape.namespace);
    this.registerOutputs({ policyName: this.policyName, namespace: this.namespace });
  }
}
