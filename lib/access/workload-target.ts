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
    return new WorkloadTarget({ group });
  }

  /**
   * One machine with a fixed address.
   *
   * @param machine A machine of the same program that no other shares its `canonicalService` and `version` with.
   */
  public static machine(machine: IMeshVm): WorkloadTarget {
    return new WorkloadTarget({ machine });
  }

  /**
   * All workloads of a namespace, machines and pods.
   *
   * @param name Name of the namespace; by default the chart's.
   */
  public static namespace(name?: string): WorkloadTarget {
    return new WorkloadTarget(name === undefined ? { chartNamespace: true } : { namespace: name });
  }

  /** All workloads of the mesh, its gateways among them. */
  public static mesh(): WorkloadTarget {
    return new WorkloadTarget({ mesh: true });
  }

  /**
   * {@link WorkloadTarget.group}
   * @argsDoc The machines of a group. Labels select: pods of the namespace with the group's `app` and `version` fall under the policy too.
   */
  declare public readonly group?: IMeshVmGroup;
  /**
   * {@link WorkloadTarget.machine}
   * @argsDoc One machine with a fixed address, that no other of the program shares its `canonicalService` and `version` with.
   */
  declare public readonly machine?: IMeshVm;
  /** {@link WorkloadTarget.namespace} */
  declare public readonly namespace?: string;
  /**
   * All workloads of the chart's namespace: {@link WorkloadTarget.namespace} without a name.
   * @argsOmit
   */
  declare public readonly chartNamespace?: true;
  /** {@link WorkloadTarget.mesh} */
  declare public readonly mesh?: true;

  private constructor(choice: WorkloadTarget) {
    Object.assign(this, choice);
  }
}
