import type * as pulumi from '@pulumi/pulumi';
import type { OutboundTraffic } from '../../traffic/egress-destination';
import type { GroupReferenceArgs, MachineReferenceArgs } from '../machines/reference-args';

export { OutboundTraffic } from '../../traffic/egress-destination';

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
