import * as pulumi from '@pulumi/pulumi';
import type { MutualTlsMode } from '../../access/mutual-tls-mode';
import { registerObjects } from '../core/private/children';
import type { MeshArgs } from '../mesh/mesh-args';
import { planMutualTls } from './private/mutual-tls-plan';
import type { WorkloadTargetArgs } from './workload-target-args';

export { MutualTlsMode } from '../../access/mutual-tls-mode';

/** The mode of one port. */
export interface PortMutualTlsArgs {
  /** A port on which the application on the machines listens: not the port of a Service. */
  readonly port: number;

  /** What the port takes. */
  readonly mode: MutualTlsMode;
}

/** Arguments of MeshVmGroup.requireMutualTls. */
export interface GroupMutualTlsArgs {
  /**
   * Name of the PeerAuthentication.
   * @default - the group's name
   */
  readonly name?: pulumi.Input<string>;

  /**
   * Ports that take something else than mutual TLS alone.
   * @default []
   */
  readonly ports?: PortMutualTlsArgs[];
}

/** Arguments of MutualTls. */
export interface MutualTlsArgs {
  /** The mesh whose proxies enforce the policy. */
  readonly mesh: MeshArgs;

  /** Whose callers the policy is about. */
  readonly target: WorkloadTargetArgs;

  /**
   * Name of the PeerAuthentication.
   * @default - name of the group or machine; "default" for a namespace and the mesh, as is Istio's custom
   */
  readonly name?: pulumi.Input<string>;

  /**
   * What workloads take from callers.
   * @default MutualTlsMode.STRICT
   */
  readonly mode?: MutualTlsMode;

  /**
   * Ports of a group or machine with a mode of their own.
   * @default []
   */
  readonly ports?: PortMutualTlsArgs[];
}

/**
 * Whether workloads take plain text, or mutual TLS alone: a PeerAuthentication, that of the cdk8s construct of the same name. A group or
 * machine has one policy at most; it goes before that of the namespace, which goes before that of the mesh.
 *
 * The sidecar keeps the promise, and only while it runs: a machine whose sidecar is stopped, or not yet started, takes plain text on
 * every port that its application opens. On machines STRICT needs a firewall beside it.
 */
export class MutualTls extends pulumi.ComponentResource {
  /** Name of the PeerAuthentication. */
  public readonly policyName!: pulumi.Output<string>;
  /** Namespace of the PeerAuthentication: for the whole mesh that of the control plane. */
  public readonly namespace!: pulumi.Output<string>;

  /** @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered. */
  public constructor(name: string, args: MutualTlsArgs, options?: pulumi.ComponentResourceOptions) {
    const { shape } = planMutualTls(name, args);
    super('meshvm:index:MutualTls', name, {}, options);
    registerObjects(this, name, shape.objects, options);

    this.policyName = pulumi.output(shape.name);
    this.namespace = pulumi.output(shape.namespace);
    this.registerOutputs({ policyName: this.policyName, namespace: this.namespace });
  }
}
