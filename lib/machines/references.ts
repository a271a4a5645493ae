/**
 * A machine with a fixed address, as policies and traffic rules need to know it.
 * @args MachineReferenceArgs
 */
export interface IMeshVm {
  /** Name of the WorkloadEntry. */
  readonly machineName: string;
  /** Namespace of the machine. */
  readonly namespace: string;
  /** ServiceAccount that the machine runs as. */
  readonly serviceAccount: string;
  /** Labels of the machine. */
  readonly labels: Readonly<Record<string, string>>;
  /** Hosts of the machine's Services inside the cluster. */
  readonly serviceHosts: readonly string[];
  /** Where the machine stands in the program: its path is what messages call it. */
  readonly node: {
    /** Path of the construct, or name of the component. */
    readonly path: string;
  };
}

/**
 * A group of machines, as policies and traffic rules need to know it.
 * @args GroupReferenceArgs
 */
export interface IMeshVmGroup {
  /** Name of the WorkloadGroup. */
  readonly groupName: string;
  /** Namespace of the group. */
  readonly namespace: string;
  /** ServiceAccount that the machines run as. */
  readonly serviceAccount: string;
  /** Labels that each machine carries. */
  readonly labels: Readonly<Record<string, string>>;
  /** Hosts of the group's Services inside the cluster. */
  readonly serviceHosts: readonly string[];
  /** Where the group stands in the program: its path is what messages call it. */
  readonly node: {
    /** Path of the construct, or name of the component. */
    readonly path: string;
  };
}
