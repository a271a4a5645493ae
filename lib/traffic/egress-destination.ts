import type { IMeshVm, IMeshVmGroup } from '../machines/references';
import type { IVmServiceEntry } from '../service-entry/vm-service-entry-props';

/** What happens to connections that go to none of the declared hosts. */
export enum OutboundTraffic {
  /** They are closed; HTTP on a port that a declared host has too is answered 502. */
  REGISTRY_ONLY = 'REGISTRY_ONLY',
  /** They go where they were going, as if there were no mesh. */
  ALLOW_ANY = 'ALLOW_ANY',
}

/** What machines of a group call. */
export class EgressDestination {
  /**
   * The Services of a group.
   *
   * @param group A group of the same program that has Services.
   */
  public static group(group: IMeshVmGroup): EgressDestination {
    return new EgressDestination({ group });
  }

  /**
   * The Services of a machine.
   *
   * @param machine A machine of the same program that has Services.
   */
  public static machine(machine: IMeshVm): EgressDestination {
    return new EgressDestination({ machine });
  }

  /**
   * The hosts of a ServiceEntry.
   *
   * @param entry An entry of the same program, exported to the group's namespace.
   */
  public static serviceEntry(entry: IVmServiceEntry): EgressDestination {
    return new EgressDestination({ serviceEntry: entry });
  }

  /**
   * A Kubernetes Service that is not of this program.
   *
   * @param name Name of the Service.
   * @param namespace Namespace of the Service; by default the group's.
   */
  public static service(name: string, namespace?: string): EgressDestination {
    return new EgressDestination({ service: { name, namespace } });
  }

  /**
   * A host of a ServiceEntry that is not of this program, whatever its namespace.
   *
   * @param host Full DNS name such as `api.example.com`, or one with a wildcard such as `*.example.com`.
   */
  public static host(host: string): EgressDestination {
    return new EgressDestination({ host });
  }

  /**
   * Everything in a namespace.
   *
   * @param name Name of the namespace; by default the group's.
   */
  public static namespace(name?: string): EgressDestination {
    return new EgressDestination(name === undefined ? { ownNamespace: true } : { namespace: name });
  }

  /**
   * {@link EgressDestination.group}
   * @argsDoc The Services of a group: a MeshVmGroup of the program. Of a group by its outputs nobody knows the Services; name them as `service`.
   */
  declare public readonly group?: IMeshVmGroup;
  /**
   * {@link EgressDestination.machine}
   * @argsDoc The Services of a machine: a MeshVm of the program.
   */
  declare public readonly machine?: IMeshVm;
  /**
   * {@link EgressDestination.serviceEntry}
   * @argsOmit
   */
  declare public readonly serviceEntry?: IVmServiceEntry;
  /**
   * {@link EgressDestination.service}
   * @argsDoc A Kubernetes Service by its name.
   */
  declare public readonly service?: EgressService;
  /**
   * {@link EgressDestination.host}
   * @argsDoc A host of a ServiceEntry, whatever its namespace: a full DNS name such as `api.example.com`, or one with a wildcard such as
   * `*.example.com`.
   */
  declare public readonly host?: string;
  /** {@link EgressDestination.namespace} */
  declare public readonly namespace?: string;
  /** Everything in the group's namespace. */
  declare public readonly ownNamespace?: true;

  private constructor(choice: EgressDestination) {
    Object.assign(this, choice);
  }
}

/** A Kubernetes Service that machines call. */
export interface EgressService {
  /** Name of the Service. */
  readonly name: string;

  /**
   * Namespace of the Service.
   * @default - the group's
   */
  readonly namespace?: string;
}
