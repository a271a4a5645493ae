import * as pulumi from '@pulumi/pulumi';
import { registerObjects } from '../core/register-objects';
import type { EgressScopeArgs } from './egress-scope-args';
import { planEgressScope } from './private/egress-scope-plan';

/**
 * What the machines of a group know of the mesh: a Sidecar, that of the cdk8s construct of the same name, with the hosts that they call
 * and nothing else. With OutboundTraffic.REGISTRY_ONLY they refuse the rest.
 *
 * It is no firewall: whoever is root on the machine goes around the sidecar. With DNS capture the sidecar answers for the declared
 * hosts alone.
 *
 * Labels select: pods of the namespace with the group's `app` and `version` fall under the scope too. A workload has one scope at most.
 *
 * @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered.
 */
export class EgressScope extends pulumi.ComponentResource {
  /** Name of the Sidecar. */
  public readonly scopeName!: pulumi.Output<string>;
  /** Namespace of the Sidecar: the group's. */
  public readonly namespace!: pulumi.Output<string>;

  public constructor(name: string, args: EgressScopeArgs, options?: pulumi.ComponentResourceOptions) {
    const { shape } = planEgressScope(name, args);
    super('meshvm:index:EgressScope', name, {}, options);
    registerObjects(this, name, shape.objects, options);

    this.scopeName = pulumi.output(shape.name);
    this.namespace = pulumi.output(shape.namespace);
    this.registerOutputs({ scopeName: this.scopeName, namespace: this.namespace });
  }
}
