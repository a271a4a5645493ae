import type { MachineProps } from '../machines/machine-props';

/** Properties of MeshVm. */
export interface MeshVmProps extends MachineProps {
  /** IP address of the machine. Istio resolves no host name behind a Service: for a name use VmServiceEntry. */
  readonly address: string;

  /**
   * Whether a sidecar runs on the machine. Without one callers must not speak mutual TLS to it, and the entry says so
   * (label `security.istio.io/tlsMode: disabled`): traffic to it is plain text, and it can't be told who calls.
   * @default true
   */
  readonly sidecar?: boolean;
}
