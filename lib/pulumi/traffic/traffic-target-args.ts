import type * as pulumi from '@pulumi/pulumi';
import type { MachinePortArgs } from '../machines/machine-args';
import type { GroupReferenceArgs, MachineReferenceArgs } from '../machines/reference-args';

/** Whose callers a policy is about: the hosts that they call. Exactly one property must be set. */
export interface TrafficTargetArgs {
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
   * A Kubernetes Service by its name, such as that of pods which machines shall stand behind too.
   * @default - another property is set
   */
  readonly service?: ExistingServiceArgs;

  /**
   * A host that is not of this program.
   * @default - another property is set
   */
  readonly host?: ExistingHostArgs;
}

/** A Kubernetes Service by its name. */
export interface ExistingServiceArgs {
  /** Name of the Service. */
  readonly name: pulumi.Input<string>;

  /** Namespace of the Service. */
  readonly namespace: pulumi.Input<string>;

  /** Ports of the Service: names or appProtocols say the protocol to Istio, and to meshvm. */
  readonly ports: MachinePortArgs[];
}

/** A host that is not of this program. */
export interface ExistingHostArgs {
  /** Full DNS name such as `api.example.com`, one with a wildcard such as `*.example.com`, or `*` for all hosts. */
  readonly name: pulumi.Input<string>;

  /** Namespace whose callers the policy holds for; in that of the host's own Service or ServiceEntry it holds for all callers. */
  readonly namespace: pulumi.Input<string>;
}
