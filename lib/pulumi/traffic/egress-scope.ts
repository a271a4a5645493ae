import * as pulumi from '@pulumi/pulumi';
import type { OutboundTraffic } from '../../outbound-traffic';
import { registerObjects } from '../core/private/children';
import type { GroupReferenceArgs, MachineReferenceArgs } from '../machines/reference-args';
import { planEgressScope } from './private/egress-scope-plan';

export { OutboundTraffic } from '../../outbound-traffic';

/** What machines of a group call. Exactly one property must be set. */
export interface EgressDestinationArgs {
  /**
   * The Services of a group: a MeshVmGroup of the program. Of a group by its outputs nobody knows the Services; name them as `service`.
   * @default - another property is set
   */
  readonly group?: GroupReferenceArgs;

  /**
   * The Services of a machine: a MeshVm of the program.
   * @default - another property is set
   */
  readonly machine?: MachineReferenceArgs;

  /**
   * A Kubernetes Service by its name.
   * @default - another property is set
   */
  readonly service?: EgressServiceArgs;

  /**
   * A host of a ServiceEntry, whatever its namespace: a full DNS name such as `api.example.com`, or one with a wildcard such as
   * `*.example.com`.
   * @default - another property is set
   */
  readonly host?: pulumi.Input<string>;

  /**
   * Everything in a namespace.
   * @default - another property is set
   */
  readonly namespace?: pulumi.Input<string>;
}

/** A Kubernetes Service that machines call. */
export interface EgressServiceArgs {
  /** Name of the Service. */
  readonly name: pulumi.Input<string>;

  /**
   * Namespace of the Service.
   * @default - the group's
   */
  readonly namespace?: pulumi.Input<string>;
}

/** Arguments of EgressScope. */
export interface EgressScopeArgs {
  /** The group whose machines call: a MeshVmGroup of the program, because the Services over it must stay known. */
  readonly group: GroupReferenceArgs;

  /**
   * What they call. The Services over the group itself need no entry: they stay known, because the machine's own checks look at them.
   * Neither does istiod: the sidecar reaches it by an address of its own, before and beside all configuration. Services that the mesh's
   * extension providers name (tracing, logs, external authorization) need one, or the sidecar goes without them.
   */
  readonly destinations: EgressDestinationArgs[];

  /** What happens to connections that go anywhere else. Those that the capture leaves alone never get here. */
  readonly outbound: OutboundTraffic;

  /**
   * Name of the Sidecar.
   * @default - the group's name
   */
  readonly name?: pulumi.Input<string>;
}

/**
 * What the machines of a group know of the mesh: a Sidecar, that of the cdk8s construct of the same name, with the hosts that they call
 * and nothing else. With OutboundTraffic.REGISTRY_ONLY they refuse the rest.
 *
 * It is no firewall: whoever is root on the machine goes around the sidecar. With DNS capture the sidecar answers for the declared
 * hosts alone.
 *
 * Labels select: pods of the namespace with the group's `app` and `version` fall under the scope too. A workload has one scope at most.
 */
export class EgressScope extends pulumi.ComponentResource {
  /** Name of the Sidecar. */
  public readonly scopeName!: pulumi.Output<string>;
  /** Namespace of the Sidecar: the group's. */
  public readonly namespace!: pulumi.Output<string>;

  /** @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered. */
  public constructor(name: string, args: EgressScopeArgs, options?: pulumi.ComponentResourceOptions) {
    const { shape } = planEgressScope(name, args);
    super('meshvm:index:EgressScope', name, {}, options);
    registerObjects(this, name, shape.objects, options);

    this.scopeName = pulumi.output(shape.name);
    this.namespace = pulumi.output(shape.namespace);
    this.registerOutputs({ scopeName: this.scopeName, namespace: this.namespace });
  }
}
