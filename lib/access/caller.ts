import type { IMeshVm, IMeshVmGroup } from '../machines/references';
import type { ServiceAccountSubject } from '../mesh/service-account-subject';

/**
 * Whose certificate a standalone Envoy carries: what a Caller reads of a StandaloneEnvoy.
 * @args StandaloneReferenceArgs
 * @argsDoc Whose certificate a standalone Envoy carries. A StandaloneEnvoy is one.
 */
export interface StandaloneIdentity {
  /** Namespace of the ServiceAccount. */
  readonly namespace: string;
  /** Name of the ServiceAccount. */
  readonly serviceAccount: string;
}

/**
 * Who calls a workload. But for `addresses`, callers are told by the certificate of their sidecar, so they must speak mutual TLS: who
 * calls in plain text is none of them.
 *
 * An east-west gateway is never the caller: it passes TLS on as it is, and machines see the workload behind it. A gateway that ends TLS,
 * such as an ingress gateway, calls as the ServiceAccount of its pods.
 */
export class Caller {
  /**
   * The machines of a group: all workloads with its ServiceAccount.
   *
   * @param group A group of the same mesh.
   */
  public static group(group: IMeshVmGroup): Caller {
    return new Caller({ group });
  }

  /**
   * One machine with a fixed address: all workloads with its ServiceAccount.
   *
   * @param machine A machine of the same mesh, with a sidecar.
   */
  public static machine(machine: IMeshVm): Caller {
    return new Caller({ machine });
  }

  /**
   * A machine without a control plane: all workloads with its ServiceAccount.
   *
   * @param envoy A standalone Envoy of the same mesh.
   */
  public static standalone(envoy: StandaloneIdentity): Caller {
    // Plain JavaScript may leave it out: what is missing then, whoever takes the caller tells.
    const { namespace, serviceAccount }: Partial<StandaloneIdentity> = envoy ?? {};
    return new Caller({ standalone: { namespace, serviceAccount } });
  }

  /**
   * All workloads with a ServiceAccount.
   *
   * @param namespace Namespace of the ServiceAccount.
   * @param name Name of the ServiceAccount.
   */
  public static serviceAccount(namespace: string, name: string): Caller {
    return new Caller({ serviceAccount: { namespace, name } });
  }

  /**
   * All workloads of a namespace, in every trust domain that the mesh trusts.
   *
   * @param name Name of the namespace.
   */
  public static namespace(name: string): Caller {
    return new Caller({ namespace: name });
  }

  /** Every workload that the mesh knows: whoever speaks mutual TLS. */
  public static authenticated(): Caller {
    return new Caller({ authenticated: true });
  }

  /**
   * Whoever connects from an address range, with mutual TLS or without, such as a load balancer that asks for health. Calls from other
   * networks come from the address of a gateway.
   *
   * @param cidr Such as `10.0.0.0/16`.
   */
  public static addresses(cidr: string): Caller {
    return new Caller({ addresses: cidr });
  }

  /**
   * {@link Caller.group}
   * @argsDoc The machines of a group of the same mesh: all workloads with its ServiceAccount.
   */
  declare public readonly group?: IMeshVmGroup;
  /**
   * {@link Caller.machine}
   * @argsDoc One machine of the same mesh, with a sidecar: all workloads with its ServiceAccount.
   */
  declare public readonly machine?: IMeshVm;
  /**
   * {@link Caller.standalone}
   * @argsDoc A machine without a control plane: a StandaloneEnvoy, or its outputs. All workloads with its ServiceAccount.
   */
  declare public readonly standalone?: StandaloneIdentity;
  /** {@link Caller.serviceAccount} */
  declare public readonly serviceAccount?: ServiceAccountSubject;
  /** {@link Caller.namespace} */
  declare public readonly namespace?: string;
  /** {@link Caller.authenticated} */
  declare public readonly authenticated?: true;
  /** {@link Caller.addresses} */
  declare public readonly addresses?: string;

  private constructor(choice: Caller) {
    Object.assign(this, choice);
  }
}
