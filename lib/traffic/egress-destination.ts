import type { IMeshVm, IMeshVmGroup } from '../machines/references';
import type { VmServiceEntry } from '../service-entry/vm-service-entry';

/** What machines of a group call. */
export class EgressDestination {
  /**
   * The Services of a group.
   *
   * @param group A group of the same program that has Services.
   */
  public static group(group: IMeshVmGroup): EgressDestination {
    return new EgressDestination(group.namespace, group.serviceHosts, undefined, group.node.path);
  }

  /**
   * The Services of a machine.
   *
   * @param machine A machine of the same program that has Services.
   */
  public static machine(machine: IMeshVm): EgressDestination {
    return new EgressDestination(machine.namespace, machine.serviceHosts, undefined, machine.node.path);
  }

  /**
   * The hosts of a ServiceEntry.
   *
   * @param entry An entry of the same program, exported to the group's namespace.
   */
  public static serviceEntry(entry: VmServiceEntry): EgressDestination {
    return new EgressDestination(entry.namespace, entry.hosts, undefined, entry.node.path);
  }

  /**
   * A Kubernetes Service that is not of this program.
   *
   * @param name Name of the Service.
   * @param namespace Namespace of the Service; by default the group's.
   */
  public static service(name: string, namespace?: string): EgressDestination {
    return new EgressDestination(namespace, undefined, name, undefined);
  }

  /**
   * A host of a ServiceEntry that is not of this program, whatever its namespace.
   *
   * @param host Full DNS name such as `api.example.com`, or one with a wildcard such as `*.example.com`.
   */
  public static host(host: string): EgressDestination {
    return new EgressDestination('*', [host], undefined, undefined);
  }

  /**
   * Everything in a namespace.
   *
   * @param name Name of the namespace; by default the group's.
   */
  public static namespace(name?: string): EgressDestination {
    return new EgressDestination(name, ['*'], undefined, undefined);
  }

  private constructor(
    /** Namespace of the hosts, `*` for any, or undefined for the group's. */
    public readonly namespaceName: string | undefined,
    /** Full host names, or undefined for a Service by name. */
    public readonly hosts: readonly string[] | undefined,
    /** Name of the Service, or undefined for hosts. */
    public readonly serviceName: string | undefined,
    /** Path of the construct that has the hosts, or undefined. */
    public readonly source: string | undefined,
  ) {}
}

/** What happens to connections that go to none of the declared hosts. */
export enum OutboundTraffic {
  /** They are closed; HTTP on a port that a declared host has too is answered 502. */
  REGISTRY_ONLY = 'REGISTRY_ONLY',
  /** They go where they were going, as if there were no mesh. */
  ALLOW_ANY = 'ALLOW_ANY',
}
