import type * as pulumi from '@pulumi/pulumi';
import type { MachineArgs } from '../machines/machine-args';

/** Arguments of MeshVm. */
export interface MeshVmArgs extends MachineArgs {
  /** IP address of the machine. Istio resolves no host name behind a Service. */
  readonly address: pulumi.Input<string>;

  /**
   * Whether a sidecar runs on the machine. Without one callers must not speak mutual TLS to it, and the entry says so
   * (label `security.istio.io/tlsMode: disabled`): traffic to it is plain text, and it can't be told who calls.
   * @default true
   */
  readonly sidecar?: boolean;
}
