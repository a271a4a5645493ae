import { hasSidecar } from '../machines/member';
import type { IMeshVm, IMeshVmGroup } from '../machines/references';

/** Whose certificate a standalone Envoy carries: what a Caller reads of a StandaloneEnvoy. */
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
    return new Caller(group.namespace, group.serviceAccount, undefined, true);
  }

  /**
   * One machine with a fixed address: all workloads with its ServiceAccount.
   *
   * @param machine A machine of the same mesh, with a sidecar.
   */
  public static machine(machine: IMeshVm): Caller {
    return new Caller(machine.namespace, machine.serviceAccount, undefined, hasSidecar(machine));
  }

  /**
   * A machine without a control plane: all workloads with its ServiceAccount.
   *
   * @param envoy A standalone Envoy of the same mesh.
   */
  public static standalone(envoy: StandaloneIdentity): Caller {
    return new Caller(envoy.namespace, envoy.serviceAccount, undefined, true);
  }

  /**
   * All workloads with a ServiceAccount.
   *
   * @param namespace Namespace of the ServiceAccount.
   * @param name Name of the ServiceAccount.
   */
  public static serviceAccount(namespace: string, name: string): Caller {
    return new Caller(namespace, name, undefined, true);
  }

  /**
   * All workloads of a namespace, in every trust domain that the mesh trusts.
   *
   * @param name Name of the namespace.
   */
  public static namespace(name: string): Caller {
    return new Caller(name, undefined, undefined, true);
  }

  /** Every workload that the mesh knows: whoever speaks mutual TLS. */
  public static authenticated(): Caller {
    return new Caller(undefined, undefined, undefined, true);
  }

  /**
   * Whoever connects from an address range, with mutual TLS or without, such as a load balancer that asks for health. Calls from other
   * networks come from the address of a gateway.
   *
   * @param cidr Such as `10.0.0.0/16`.
   */
  public static addresses(cidr: string): Caller {
    return new Caller(undefined, undefined, cidr, true);
  }

  private constructor(
    /** Namespace of the caller, or undefined for any. */
    public readonly namespaceName: string | undefined,
    /** ServiceAccount of the caller, or undefined for any. */
    public readonly serviceAccountName: string | undefined,
    /** Address range of the caller, or undefined when its certificate tells who it is. */
    public readonly cidr: string | undefined,
    /** Whether a sidecar calls, as far as the program knows. */
    public readonly hasSidecar: boolean,
  ) {}
}
