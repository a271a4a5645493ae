import type * as pulumi from '@pulumi/pulumi';
import type { MutualTlsMode } from '../../access/mutual-tls-mode';
import type { MeshArgs } from '../mesh/mesh-args';
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
