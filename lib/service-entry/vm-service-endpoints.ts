import type { IMeshVm, IMeshVmGroup } from '../machines/references';
import type { Locality } from '../mesh/locality';

/** An endpoint that a VmServiceEntry lists itself. */
export interface VmServiceEndpoint {
  /** IP address. Where names are resolved (`dns`, `dnsRoundRobin`), a host name is good too. */
  readonly address: string;

  /**
   * Numbers of the endpoint's ports, by the names of the entry's ports.
   * @default - for each port of the entry its targetPort, else its number
   */
  readonly ports?: Readonly<Record<string, number>>;

  /**
   * Labels of the endpoint, for subsets of a DestinationRule.
   * @default {}
   */
  readonly labels?: Readonly<Record<string, string>>;

  /**
   * Name of the Istio network that the endpoint stands in. Callers in another network reach it through that network's gateway, which
   * takes mutual TLS: the endpoint needs a `serviceAccount`.
   * @default - the network that `meshNetworks` has for the address, else that of each caller
   */
  readonly network?: string;

  /**
   * Region and zone.
   * @default - none
   */
  readonly locality?: Locality;

  /**
   * Share of the traffic among the endpoints of a locality, 1 to 65535.
   * @default 1
   * @argsType pulumi.Input<number>
   */
  readonly weight?: number;

  /**
   * ServiceAccount, in the entry's namespace, whose identity the endpoint's sidecar carries. Callers speak mutual TLS to it and expect
   * that identity.
   * @default - none: callers speak plain text
   */
  readonly serviceAccount?: string;
}

/** What stands behind the hosts of a VmServiceEntry, and so how proxies find it (`resolution`). */
export class VmServiceEndpoints {
  /**
   * The machines of a group: those that register, and those that `addMachine` adds. For machines of several groups or versions use
   * `matching`.
   *
   * Labels select: pods of the namespace with the group's `app` and `version` stand behind the hosts too.
   *
   * @param group A group of the same program.
   */
  public static group(group: IMeshVmGroup): VmServiceEndpoints {
    return new VmServiceEndpoints({ group });
  }

  /**
   * One machine with a fixed address.
   *
   * @param machine A machine of the same program that no other shares its `canonicalService` and `version` with.
   */
  public static machine(machine: IMeshVm): VmServiceEndpoints {
    return new VmServiceEndpoints({ machine });
  }

  /**
   * All machines with these labels among the groups and machines that the program has declared before in the entry's namespace.
   *
   * @param labels Such as `{ app: 'payments' }` for all versions of an application.
   */
  public static matching(labels: Readonly<Record<string, string>>): VmServiceEndpoints {
    return new VmServiceEndpoints({ matching: labels });
  }

  /**
   * All machines and pods with these labels in the entry's namespace, declared outside the program. Nobody can check here that there
   * are any.
   *
   * @param labels At least one: without labels Istio takes every machine and pod of the namespace.
   */
  public static fromLabels(labels: Readonly<Record<string, string>>): VmServiceEndpoints {
    return new VmServiceEndpoints({ fromLabels: labels });
  }

  /**
   * Endpoints with known addresses.
   *
   * @param endpoints At least one.
   */
  public static static(endpoints: readonly VmServiceEndpoint[]): VmServiceEndpoints {
    return new VmServiceEndpoints({ staticEndpoints: endpoints });
  }

  /**
   * Endpoints by host name. Each proxy resolves the names by itself and balances over every address that it gets.
   *
   * @param endpoints At least one.
   */
  public static dns(endpoints: readonly VmServiceEndpoint[]): VmServiceEndpoints {
    return new VmServiceEndpoints({ dns: endpoints });
  }

  /**
   * One endpoint by host name. Each proxy resolves the name by itself and sends a new connection to the first address of the latest
   * answer: for large services that answer with other addresses each time.
   *
   * @param endpoint The endpoint; by default the hosts themselves are resolved.
   */
  public static dnsRoundRobin(endpoint?: VmServiceEndpoint): VmServiceEndpoints {
    return new VmServiceEndpoints({ dnsRoundRobin: { endpoint } });
  }

  /** The hosts themselves: each proxy resolves them by itself and balances over every address that it gets. */
  public static resolveHosts(): VmServiceEndpoints {
    return new VmServiceEndpoints({ resolveHosts: true });
  }

  /** Wherever the client's connection was going (`resolution: NONE`): the client has resolved the name before. */
  public static passthrough(): VmServiceEndpoints {
    return new VmServiceEndpoints({ passthrough: true });
  }

  /**
   * For hosts with a wildcard: each proxy resolves the name that the request carries (HTTP host, TLS server name). A client can
   * reach any name that it writes there, whatever name it connected to.
   */
  public static dynamicDns(): VmServiceEndpoints {
    return new VmServiceEndpoints({ dynamicDns: true });
  }

  /**
   * {@link VmServiceEndpoints.group}
   * @argsDoc The machines of a group: those that register, and single ones with its labels. For machines of several groups or versions use
   * `matching`. Of a group by its outputs without `ports` nobody can check what it serves.
   *
   * Labels select: pods of the namespace with the group's `app` and `version` stand behind the hosts too.
   */
  declare public readonly group?: IMeshVmGroup;
  /**
   * {@link VmServiceEndpoints.machine}
   * @argsDoc One machine with a fixed address, that no other shares its `canonicalService` and `version` with.
   */
  declare public readonly machine?: IMeshVm;
  /**
   * {@link VmServiceEndpoints.matching}
   * @argsDoc All machines with these labels among the groups and machines that the program has declared before in the entry's namespace, such as
   * `{ app: 'payments' }` for all versions of an application.
   */
  declare public readonly matching?: Readonly<Record<string, string>>;
  /**
   * {@link VmServiceEndpoints.fromLabels}
   * @argsDoc All machines and pods with these labels in the entry's namespace, declared outside the program. Nobody can check here that there are
   * any. At least one: without labels Istio takes every machine and pod of the namespace.
   */
  declare public readonly fromLabels?: Readonly<Record<string, string>>;
  /**
   * {@link VmServiceEndpoints.static}
   * @argsDoc Endpoints with known addresses: at least one.
   */
  declare public readonly staticEndpoints?: readonly VmServiceEndpoint[];
  /**
   * {@link VmServiceEndpoints.dns}
   * @argsDoc Endpoints by host name: at least one. Each proxy resolves the names by itself and balances over every address that it gets.
   */
  declare public readonly dns?: readonly VmServiceEndpoint[];
  /** {@link VmServiceEndpoints.dnsRoundRobin} */
  declare public readonly dnsRoundRobin?: DnsRoundRobin;
  /** {@link VmServiceEndpoints.resolveHosts} */
  declare public readonly resolveHosts?: true;
  /** {@link VmServiceEndpoints.passthrough} */
  declare public readonly passthrough?: true;
  /** {@link VmServiceEndpoints.dynamicDns} */
  declare public readonly dynamicDns?: true;

  private constructor(choice: VmServiceEndpoints) {
    Object.assign(this, choice);
  }
}

/** One endpoint by host name. */
export interface DnsRoundRobin {
  /**
   * The endpoint.
   * @default - the hosts themselves are resolved
   */
  readonly endpoint?: VmServiceEndpoint;
}

/** Whether what stands behind a ServiceEntry belongs to the mesh. */
export enum ServiceEntryLocation {
  /** Part of the mesh: callers speak mutual TLS to endpoints with an identity. */
  MESH_INTERNAL = 'MESH_INTERNAL',
  /** Outside the mesh: callers speak what the application speaks, and never mutual TLS of their own accord. */
  MESH_EXTERNAL = 'MESH_EXTERNAL',
}

/** Protocol of a ServiceEntry's port. */
export enum ServiceEntryProtocol {
  /** HTTP/1.1 in plain text. */
  HTTP = 'HTTP',
  /** TLS of the application, routed by server name. For callers the same as TLS. */
  HTTPS = 'HTTPS',
  /** HTTP/2 in plain text. */
  HTTP2 = 'HTTP2',
  /** gRPC in plain text. */
  GRPC = 'GRPC',
  /** gRPC-Web in plain text. */
  GRPC_WEB = 'GRPC-WEB',
  /** Any TCP protocol: the address alone tells hosts apart. */
  TCP = 'TCP',
  /** TLS of the application, routed by server name. */
  TLS = 'TLS',
  /** MongoDB. */
  MONGO = 'MONGO',
  /** Redis; TCP unless istiod runs with `PILOT_ENABLE_REDIS_FILTER`. */
  REDIS = 'REDIS',
  /** MySQL; TCP unless istiod runs with `PILOT_ENABLE_MYSQL_FILTER`. */
  MYSQL = 'MYSQL',
}
