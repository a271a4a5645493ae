import type * as pulumi from '@pulumi/pulumi';
import type { ServiceAccountSubjectArgs } from '../join/machine-identity-args';
import type { GroupReferenceArgs, MachineReferenceArgs } from '../machines/reference-args';

/**
 * Who calls a workload. Exactly one property must be set. But for `addresses`, callers are told by the certificate of their sidecar, so
 * they must speak mutual TLS: who calls in plain text is none of them.
 */
export interface CallerArgs {
  /**
   * The machines of a group of the same mesh: all workloads with its ServiceAccount.
   * @default - another property is set
   */
  readonly group?: GroupReferenceArgs;

  /**
   * One machine of the same mesh, with a sidecar: all workloads with its ServiceAccount.
   * @default - another property is set
   */
  readonly machine?: MachineReferenceArgs;

  /**
   * A machine without a control plane: a StandaloneEnvoy, or its outputs. All workloads with its ServiceAccount.
   * @default - another property is set
   */
  readonly standalone?: StandaloneReferenceArgs;

  /**
   * All workloads with a ServiceAccount.
   * @default - another property is set
   */
  readonly serviceAccount?: ServiceAccountSubjectArgs;

  /**
   * All workloads of a namespace, in every trust domain that the mesh trusts.
   * @default - another property is set
   */
  readonly namespace?: pulumi.Input<string>;

  /**
   * `true`: every workload that the mesh knows, whoever speaks mutual TLS.
   * @default - another property is set
   */
  readonly authenticated?: boolean;

  /**
   * Whoever connects from an address range such as `10.0.0.0/16`, with mutual TLS or without. Calls from other networks come from the
   * address of a gateway.
   * @default - another property is set
   */
  readonly addresses?: pulumi.Input<string>;
}

/** Whose certificate a standalone Envoy carries. A StandaloneEnvoy is one. */
export interface StandaloneReferenceArgs {
  /** Namespace of the ServiceAccount. */
  readonly namespace: pulumi.Input<string>;

  /** Name of the ServiceAccount. */
  readonly serviceAccount: pulumi.Input<string>;
}
