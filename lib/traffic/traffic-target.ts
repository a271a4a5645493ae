import type { IMeshVm, IMeshVmGroup } from '../machines/references';
import type { MachinePort } from '../machines/vm-service';
import type { VmServiceEntry } from '../service-entry/vm-service-entry';

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
    return TrafficTarget.machines(group.serviceHosts, group.namespace, group.node.path, group.labels);
  }

  /**
   * The Services of a machine.
   *
   * @param machine A machine of the same program that has Services.
   */
  public static machine(machine: IMeshVm): TrafficTarget {
    return TrafficTarget.machines(machine.serviceHosts, machine.namespace, machine.node.path, machine.labels);
  }

  /**
   * A Kubernetes Service that is not of this program, such as that of pods which machines shall stand behind too.
   *
   * @param name Name of the Service.
   */
  public static service(name: string, options: ExistingServiceOptions): TrafficTarget {
    return new TrafficTarget(undefined, name, options.namespace, undefined, undefined, options.ports);
  }

  /**
   * The hosts of a ServiceEntry.
   *
   * @param entry An entry of the same program.
   */
  public static serviceEntry(entry: VmServiceEntry): TrafficTarget {
    return new TrafficTarget(entry.hosts, undefined, entry.namespace, undefined, undefined, undefined);
  }

  /**
   * A host that is not of this program. The policy holds for callers in the chart's namespace; in the namespace of the host's own
   * Service or ServiceEntry it holds for all callers.
   *
   * @param host Full DNS name such as `api.example.com`, one with a wildcard such as `*.example.com`, or `*` for all hosts.
   */
  public static fromHost(host: string): TrafficTarget {
    return new TrafficTarget([host], undefined, undefined, undefined, undefined, undefined);
  }

  private static machines(
    hosts: readonly string[],
    namespace: string,
    source: string,
    { app, version }: Readonly<Record<string, string>>,
  ): TrafficTarget {
    return new TrafficTarget(hosts, undefined, namespace, source, { app, version }, undefined);
  }

  private constructor(
    /** Full host names, or undefined for a Service by name. */
    public readonly hosts: readonly string[] | undefined,
    /** Name of the Service, or undefined for hosts. */
    public readonly serviceName: string | undefined,
    /** Namespace of the hosts, or undefined for the chart's. */
    public readonly namespaceName: string | undefined,
    /** Path of the construct that declares the machines behind the hosts, or undefined. */
    public readonly source: string | undefined,
    /** Labels of those machines, or undefined. */
    public readonly labels: Readonly<Record<string, string>> | undefined,
    /** Ports of the hosts, where the author has listed them. */
    public readonly ports: readonly MachinePort[] | undefined,
  ) {}
}
