import * as pulumi from '@pulumi/pulumi';
import { registerObjects } from '../core/register-objects';
import type { DenyByDefaultArgs } from './deny-by-default-args';
import { planDenyByDefault } from './private/authorization-plan';

/**
 * Refuses every call to workloads that no other policy lets in: an AuthorizationPolicy that allows nothing, that of the cdk8s construct
 * of the same name. With one for the namespace, a group whose policy was forgotten is closed, not open. Machines stay healthy: the
 * sidecar's probe does not pass through it.
 *
 * A gateway in the namespace is closed, too: let its callers in with an AuthorizationPolicy of its own, or keep it elsewhere.
 *
 * @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered.
 */
export class DenyByDefault extends pulumi.ComponentResource {
  /** Name of the AuthorizationPolicy. */
  public readonly policyName!: pulumi.Output<string>;
  /** Namespace of the AuthorizationPolicy. */
  public readonly namespace!: pulumi.Output<string>;

  public constructor(name: string, args: DenyByDefaultArgs, options?: pulumi.ComponentResourceOptions) {
    const planned = planDenyByDefault(name, args);
    const { shape } = planned;
    super('meshvm:index:DenyByDefault', name, {}, options);
    registerObjects(this, name, planned, options, args.mesh);

    this.policyName = pulumi.output(shape.name);
    this.namespace = pulumi.output(shape.namespace);
    this.registerOutputs({ policyName: this.policyName, namespace: this.namespace });
  }
}
