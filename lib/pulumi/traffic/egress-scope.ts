import * as pulumi from '@pulumi/pulumi';
import { planEgressScope } from '../../traffic/private/egress-scope';
import shapes from '../../traffic/shapes.json';
import type { ArgumentProblems } from '../core/arguments';
import { registerObjects } from '../core/register-objects';
import { planComponent } from '../machines/component-plan';
import type { ArgumentReference } from '../machines/references';
import type { EgressScopeArgs } from './egress-scope-args';

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
    const planned = planComponent(name, args, { component: 'EgressScope', shapes, plan: planEgressScope, check });
    const { shape } = planned;
    super('meshvm:index:EgressScope', name, {}, options);
    registerObjects(this, name, planned, options);

    this.scopeName = pulumi.output(shape.name);
    this.namespace = pulumi.output(shape.namespace);
    this.registerOutputs({ scopeName: this.scopeName, namespace: this.namespace });
  }
}

/** The Services over the group must stay known to its machines, because their own checks look at them. */
function check(problems: ArgumentProblems, references: readonly ArgumentReference[]): void {
  if (references.some(({ path, known }) => path === 'group' && !known.ofProgram)) {
    problems.add('group', 'the Services over the group must stay known to its machines; give the MeshVmGroup itself');
  }
}
