import type * as pulumi from '@pulumi/pulumi';
import type { LocalityArgs } from '../machines/machine-args';
import type { GroupReferenceArgs, MachineReferenceArgs } from '../machines/reference-args';

/** What stands behind the hosts of a VmServiceEntry, and so how proxies find it (`resolution`). Exactly one property must be set. */
export interface VmServiceEndpointsArgs {
  /**
   * The machines of a group: those that register, and single ones with its labels. For machines of several groups or versions use
   * `matching`. Of a group by its outputs without `ports` nobody can check what it serves.
   *
   * Labels select: pods of the namespace with the group's `app` and `version` stand behind the hosts too.
   * @default - another property is set
   */
  readonly group?: GroupReferenceArgs;

  /**
   * One machine with a fixed address, that no other shares its `canonicalService` and `version` with.
   * @default - another property is set
   */
  readonly machine?: MachineReferenceArgs;

  /**
   * All machines with these labels among the groups and machines that the program has declared before in the entry's namespace, such as
   * `{ app: 'payments' }` for all versions of an application.
   * @default - another property is set
   */
  readonly matching?: Record<string, pulumi.Input<string>>;

  /**
   * All machines and pods with these labels in the entry's namespace, declared outside the program. Nobody can check here that there are
   * any. At least one: without labels Istio takes every machine and pod of the namespace.
   * @default - another property is set
   */
  readonly fromLabels?: Record<string, pulumi.Input<string>>;

  /**
   * Endpoints with known addresses: at least one.
   * @default - another property is set
   */
  readonly staticEndpoints?: VmServiceEndpointArgs[];

  /**
   * Endpoints by host name: at least one. Each proxy resolves the names by itself and balances over every address that it gets.
   * @default - another property is set
   */
  readonly dns?: VmServiceEndpointArgs[];

  /**
   * One endpoint by host name. Each proxy resolves the name by itself and sends a new connection to the first address of the latest
   * answer: for large services that answer with other addresses each time.
   * @default - another property is set
   */
  readonly dnsRoundRobin?: DnsRoundRobinArgs;

  /**
   * `true`: the hosts themselves. Each proxy resolves them by itself and balances over every address that it gets.
   * @default - another property is set
   */
  readonly resolveHosts?: boolean;

  /**
   * `true`: wherever the client's connection was going (`resolution: NONE`). The client has resolved the name before.
   * @default - another property is set
   */
  readonly passthrough?: boolean;

  /**
   * `true`, for hosts with a wildcard: each proxy resolves the name that the request carries (HTTP host, TLS server name). A client can
   * reach any name that it writes there, whatever name it connected to.
   * @default - another property is set
   */
  readonly dynamicDns?: boolean;
}

/** One endpoint by host name. */
export interface DnsRoundRobinArgs {
  /**
   * The endpoint.
   * @default - the hosts themselves are resolved
   */
  readonly endpoint?: VmServiceEndpointArgs;
}

/** An endpoint that a VmServiceEntry lists itself. */
export interface VmServiceEndpointArgs {
  /** IP address. Where names are resolved (`dns`, `dnsRoundRobin`), a host name is good too. */
  readonly address: pulumi.Input<string>;

  /**
   * Numbers of the endpoint's ports, by the names of the entry's ports.
   * @default - for each port of the entry its targetPort, else its number
   */
  readonly ports?: Record<string, number>;

  /**
   * Labels of the endpoint, for subsets of a DestinationRule.
   * @default {}
   */
  readonly labels?: Record<string, pulumi.Input<string>>;

  /**
   * Name of the Istio network that the endpoint stands in. Callers in another network reach it through that network's gateway, which
   * takes mutual TLS: the endpoint needs a `serviceAccount`.
   * @default - the network that `meshNetworks` has for the address, else that of each caller
   */
  readonly network?: pulumi.Input<string>;

  /**
   * Region and zone.
   * @default - none
   */
  readonly locality?: LocalityArgs;

  /**
   * Share of the traffic among the endpoints of a locality, 1 to 65535.
   * @default 1
   */
  readonly weight?: pulumi.Input<number>;

  /**
   * ServiceAccount, in the entry's namespace, whose identity the endpoint's sidecar carries. Callers speak mutual TLS to it and expect
   * that identity.
   * @default - none: callers speak plain text
   */
  readonly serviceAccount?: pulumi.Input<string>;
}
