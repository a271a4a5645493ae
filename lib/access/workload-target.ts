import type { IMeshVm, IMeshVmGroup } from '../machines/references';

/** Whose workloads a policy is about. */
export class WorkloadTarget {
  /**
   * The machines of a group: those that register, and those that `addMachine` adds. Labels select: pods of the namespace with the
   * group's `app` and `version` fall under the policy too.
   *
   * @param group A group of the same program.
   */
  public static group(group: IMeshVmGroup): WorkloadTarget {
    return WorkloadTarget.machines(group.labels, group.namespace, group.groupName, group.node.path, false);
  }

  /**
   * One machine with a fixed address.
   *
   * @param machine A machine of the same program that no other shares its `canonicalService` and `version` with.
   */
  public static machine(machine: IMeshVm): WorkloadTarget {
    return WorkloadTarget.machines(machine.labels, machine.namespace, machine.machineName, machine.node.path, true);
  }

  /**
   * All workloads of a namespace, machines and pods.
   *
   * @param name Name of the namespace; by default the chart's.
   */
  public static namespace(name?: string): WorkloadTarget {
    return new WorkloadTarget(undefined, name, undefined, undefined, false, false);
  }

  /** All workloads of the mesh, its gateways among them. */
  public static mesh(): WorkloadTarget {
    return new WorkloadTarget(undefined, undefined, undefined, undefined, false, true);
  }

  private static machines(
    { app, version }: Readonly<Record<string, string>>,
    namespace: string,
    name: string,
    source: string,
    alone: boolean,
  ): WorkloadTarget {
    return new WorkloadTarget(name, namespace, { app, version }, source, alone, false);
  }

  private constructor(
    /** Name of the group or machine, or undefined. */
    public readonly machinesName: string | undefined,
    /** Namespace of the workloads, or undefined for the chart's. */
    public readonly namespaceName: string | undefined,
    /** Labels of the workloads, or undefined for all of them. */
    public readonly labels: Readonly<Record<string, string>> | undefined,
    /** Path of the construct that declares the workloads, or undefined. */
    public readonly source: string | undefined,
    /** Whether the labels must select nothing but that construct. */
    public readonly alone: boolean,
    /** Whether the policy is the mesh's. */
    public readonly meshWide: boolean,
  ) {}
}
