import type { IMeshVm, IMeshVmGroup } from '../machines/references';
import type { MachinePort } from '../machines/vm-service';
import type { IVmServiceEntry } from '../service-entry/vm-service-entry-props';

/** A Kubernetes Service that is not of this program. */
export interface ExistingServiceOptions {
  /**
   * Namespace of the Service.
   * @default - the chart's
   */
  readonly namespace?: string;

  /** Ports of the Service: names or appProtocols say the protocol to Istio, and to meshvm. */
  readonly ports: readonly MachinePort[];
}

/** Whose callers a policy is about: the hosts that they call. */
export class TrafficTarget {
  /**
   * The Services of a group.
   *
   * @param group A group of the same program that has Services.
   */
  public static group(group: IMeshVmGroup): TrafficTarget {
    return new TrafficTarget({ group });
  }

  /**
   * The Services of a machine.
   *
   * @param machine A machine of the same program that has Services.
   */
  public static machine(machine: IMeshVm): TrafficTarget {
    return new TrafficTarget({ machine });
  }

  /**
   * A Kubernetes Service that is not of this program, such as that of pods which machines shall stand behind too.
   *
   * @param name Name of the Service.
   */
  public static service(name: string, options: ExistingServiceOptions): TrafficTarget {
    return new TrafficTarget({ service: { ...options, name } });
  }

  /**
   * The hosts of a ServiceEntry.
   *
   * @param entry An entry of the same program.
   */
  public static serviceEntry(entry: IVmServiceEntry): TrafficTarget {
    return new TrafficTarget({ serviceEntry: entry });
  }

  /**
   * A host that is not of this program. The policy holds for callers in the chart's namespace; in the namespace of the host's own
   * Service or ServiceEntry it holds for all callers.
   *
   * @param host Full DNS name such as `api.example.com`, one with a wildcard such as `*.example.com`, or `*` for all hosts.
   */
  public static fromHost(host: string): TrafficTarget {
    return new TrafficTarget({ host: { name: host } });
  }

  /**
   * {@link TrafficTarget.group}
   * @argsDoc The Services of a group: a MeshVmGroup of the program. Of a group by its outputs nobody knows the Services; name them as `service`.
   */
  declare public readonly group?: IMeshVmGroup;
  /**
   * {@link TrafficTarget.machine}
   * @argsDoc The Services of a machine: a MeshVm of the program.
   */
  declare public readonly machine?: IMeshVm;
  /**
   * {@link TrafficTarget.service}
   * @argsDoc A Kubernetes Service by its name, such as that of pods which machines shall stand behind too.
   */
  declare public readonly service?: ExistingService;
  /**
   * {@link TrafficTarget.serviceEntry}
   * @argsOmit
   */
  declare public readonly serviceEntry?: IVmServiceEntry;
  /**
   * {@link TrafficTarget.fromHost}
   * @argsDoc A host that is not of this program.
   */
  declare public readonly host?: ExistingHost;

  private constructor(choice: TrafficTarget) {
    Object.assign(this, choice);
  }
}

/**
 * A Kubernetes Service by its name.
 * @args ExistingServiceArgs
 */
export interface ExistingService {
  /** Name of the Service. */
  readonly name: string;

  /**
   * Namespace of the Service.
   * @default - the chart's
   * @argsRequired
   */
  readonly namespace?: string;

  /** Ports of the Service: names or appProtocols say the protocol to Istio, and to meshvm. */
  readonly ports: readonly MachinePort[];
}

/** A host that is not of this program. */
export interface ExistingHost {
  /** Full DNS name such as `api.example.com`, one with a wildcard such as `*.example.com`, or `*` for all hosts. */
  readonly name: string;

  /**
   * Namespace whose callers the policy holds for; in that of the host's own Service or ServiceEntry it holds for all callers.
   * @default - the chart's
   * @argsRequired
   */
  readonly namespace?: string;
}
