import type { Acknowledging } from '../core/acknowledging';
import type { Mesh } from '../mesh/mesh';
import type { MutualTlsMode } from './mutual-tls-mode';
import type { WorkloadTarget } from './workload-target';

/** The mode of one port. */
export interface PortMutualTls {
  /** A port on which the application on the machines listens: not the port of a Service. */
  readonly port: number;

  /** What the port takes. */
  readonly mode: MutualTlsMode;
}

/** Properties of MeshVmGroup.requireMutualTls. */
export interface GroupMutualTlsProps extends Acknowledging {
  /**
   * Name of the PeerAuthentication.
   * @default - the group's name
   */
  readonly name?: string;

  /**
   * Ports that take something else than mutual TLS alone.
   * @default []
   */
  readonly ports?: readonly PortMutualTls[];
}

/** Properties of MutualTls. */
export interface MutualTlsProps extends GroupMutualTlsProps {
  /** The mesh whose proxies enforce the policy. */
  readonly mesh: Mesh;

  /** Whose callers the policy is about. */
  readonly target: WorkloadTarget;

  /**
   * Name of the PeerAuthentication.
   * @default - name of the group or machine; "default" for a namespace and the mesh, as is Istio's custom
   */
  readonly name?: string;

  /**
   * What workloads take from callers.
   * @default MutualTlsMode.STRICT
   */
  readonly mode?: MutualTlsMode;

  /**
   * Ports of a group or machine with a mode of their own.
   * @default []
   */
  readonly ports?: readonly PortMutualTls[];
}
