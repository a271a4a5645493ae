import * as pulumi from '@pulumi/pulumi';
import { planDenyByDefault } from '../../access/private/authorization-policy';
import shapes from '../../access/shapes.json';
import { registerObjects } from '../core/register-objects';
import { planComponent } from '../machines/component-plan';
import type { DenyByDefaultArgs } from './deny-by-default-args';

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
    const planned = planComponent(name, args, { component: 'DenyByDefault', shapes, plan: planDenyByDefault });
    const { shape } = planned;
    super('meshvm:index:DenyByDefault', name, {}, options);
    registerObjects(this, name, planned, options, args.mesh);

    this.policyName = pulumi.output(shape.name);
    this.namespace = pulumi.output(shape.namespace);
    this.registerOutputs({ policyName: this.policyName, namespace: this.namespace });
  }
}
