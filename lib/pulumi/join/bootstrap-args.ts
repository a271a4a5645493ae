import type * as pulumi from '@pulumi/pulumi';
import type { TransportProtocol } from '../../join/host-firewall';
import type { KubernetesSubjectArgs } from './machine-identity-args';

export { TransportProtocol } from '../../join/host-firewall';

/** How machines of a group join and stay in the mesh. */
export interface BootstrapArgs {
  /**
   * Seconds between two looks at the cluster, 60 to 86400: how long it takes until a change reaches the machines.
   * @default 300
   */
  readonly refreshIntervalSeconds?: number;

  /**
   * Seconds over which machines spread a restart of their sidecars. 0 to 3600.
   * @default 60
   */
  readonly restartJitterSeconds?: number;

  /**
   * Least seconds between two restarts of a sidecar by the agent. 0 to 86400.
   * @default 300
   */
  readonly minimumRestartIntervalSeconds?: number;

  /**
   * Seconds that a machine stays away from istiod when something changes that istiod has registered of it: labels, annotations, ports,
   * locality, weight or ServiceAccount of its group. It must exceed the control plane's `disconnectGracePeriodSeconds` by a few seconds.
   * 2 to 300.
   * @default 15
   */
  readonly absenceSeconds?: number;

  /**
   * Seconds after which a machine that can't join gives its traffic capture up, so that it doesn't stay cut off. 60 to 3600.
   * @default 300
   */
  readonly deadManSeconds?: number;

  /**
   * Life of the tokens by which machines ask istiod for certificates, 600 to 3600 seconds.
   * @default 3600
   */
  readonly tokenLifetimeSeconds?: number;

  /**
   * Where the sidecar's package comes from. The default is checked against the checksum that lies beside it on the same server; pin your
   * own for production.
   * @default - published by Istio
   */
  readonly sidecarPackage?: SidecarPackageArgs;

  /**
   * Address ranges that the machines' applications reach directly, past the sidecar, besides the cloud's metadata service and the API
   * server.
   * @default []
   */
  readonly excludeCidrs?: pulumi.Input<string>[];

  /**
   * A firewall on each machine, that lets the group's ports be reached through the sidecar alone: what mutual TLS promises then holds also
   * while the sidecar is stopped. Needs nftables. Where ufw or firewalld is on, that is told to let pass the same.
   * @default - no firewall: a machine whose sidecar is stopped takes plain text
   */
  readonly hostFirewall?: HostFirewallArgs;

  /**
   * How the machines resolve the names of the mesh.
   * @default - capture where the mesh says `proxy.dnsCapture`, else off
   */
  readonly dns?: DnsModeArgs;

  /**
   * Who may change the group's ConfigMaps besides whoever may change the cluster's ValidatingAdmissionPolicies: the GitOps controller or
   * pipeline, where it has no such right. Machines run as root what stands in them. A ServiceAccount stands in another namespace than
   * the group.
   * @default []
   */
  readonly editors?: KubernetesSubjectArgs[];
}

/** How the machines of a group resolve the names of the mesh. Exactly one property must be set. */
export interface DnsModeArgs {
  /**
   * Set to true when the sidecar takes every DNS query that goes to the machine's name servers.
   * @default - another property is set
   */
  readonly capture?: boolean;

  /**
   * systemd-resolved sends names of the mesh, and no others, to the sidecar: whatever happens to it, all other names resolve.
   * @default - another property is set
   */
  readonly split?: SplitDnsArgs;

  /**
   * systemd-resolved sends names of the mesh, and no others, to the cluster's CoreDNS. What only the mesh knows does not resolve.
   * @default - another property is set
   */
  readonly coreDns?: CoreDnsArgs;

  /**
   * Set to true when nobody answers names of the mesh on the machine's behalf.
   * @default - another property is set
   */
  readonly off?: boolean;
}

/** Which names of the mesh a machine's systemd-resolved sends to the sidecar. */
export interface SplitDnsArgs {
  /**
   * Domains besides `svc.cluster.local`, such as those of ServiceEntry hosts. A domain stands for itself and for all names below it.
   * @default []
   */
  readonly domains?: string[];
}

/** Which names of the mesh a machine's systemd-resolved sends to CoreDNS. */
export interface CoreDnsArgs {
  /** IPv4 address under which CoreDNS is reachable from the machines on port 53, by UDP and TCP. */
  readonly address: pulumi.Input<string>;

  /**
   * Domains besides `svc.cluster.local`. A domain stands for itself and for all names below it.
   * @default []
   */
  readonly domains?: string[];
}

/** The firewall of a group's machines (nftables): what may come in. Everything else is dropped. What goes out is not filtered. */
export interface HostFirewallArgs {
  /** Who reaches port 22. */
  readonly ssh: SshAccessArgs;

  /**
   * Address ranges that reach the sidecar's health and metrics, such as those of Prometheus and of a load balancer's health checks: ports
   * 15020 (or the `statusPort` of the group's ProxyConfig), 15021 and 15090.
   * @default []
   */
  readonly monitoringCidrs?: pulumi.Input<string>[];

  /**
   * Further ports that are open, past the mesh.
   * @default []
   */
  readonly openPorts?: OpenPortArgs[];
}

/** Who reaches port 22 of machines that have a host firewall. Exactly one property must be set. */
export interface SshAccessArgs {
  /**
   * Those who come from address ranges.
   * @default - another property is set
   */
  readonly from?: SshRangesArgs;

  /**
   * Set to true when nobody does: for machines without SSH, or with another way in that needs no open port.
   * @default - another property is set
   */
  readonly closed?: boolean;
}

/** Address ranges from which port 22 is reachable. */
export interface SshRangesArgs {
  /** At least one address range. `0.0.0.0/0` and `::/0` are everybody. */
  readonly cidrs: pulumi.Input<string>[];
}

/** A port outside of the mesh that a host firewall opens. */
export interface OpenPortArgs {
  /** Number of the port, 1 to 65535. Not one of the group's ports, of the sidecar's, or 22 (TCP). */
  readonly port: number;

  /**
   * Protocol of the port.
   * @default TransportProtocol.TCP
   */
  readonly protocol?: TransportProtocol;

  /** Address ranges from which the port is reachable: at least one. */
  readonly cidrs: pulumi.Input<string>[];
}

/** Where machines get the package `istio-sidecar` from. Exactly one property must be set. */
export interface SidecarPackageArgs {
  /**
   * A package whose SHA-256 you know: nothing else is ever installed. The choice for production.
   * @default - another property is set
   */
  readonly pinned?: PinnedPackageArgs;

  /**
   * A package checked against the `.sha256` file beside it: integrity, not origin.
   * @default - another property is set
   */
  readonly published?: PublishedPackageArgs;

  /**
   * Set to true when the package is on the machine's image: nothing is ever downloaded.
   * @default - another property is set
   */
  readonly preinstalled?: boolean;
}

/** SHA-256 of the `istio-sidecar` packages of the mesh's Istio version, in hexadecimal: at least those of the machines' kind. */
export interface PinnedPackageArgs {
  /**
   * `istio-sidecar.deb`, for x86-64.
   * @default - machines of that kind refuse to install
   */
  readonly debAmd64?: string;

  /**
   * `istio-sidecar-arm64.deb`.
   * @default - machines of that kind refuse to install
   */
  readonly debArm64?: string;

  /**
   * `istio-sidecar.rpm`, for x86-64.
   * @default - machines of that kind refuse to install
   */
  readonly rpmAmd64?: string;

  /**
   * `istio-sidecar-arm64.rpm`.
   * @default - machines of that kind refuse to install
   */
  readonly rpmArm64?: string;

  /**
   * Where `<version>/deb/istio-sidecar.deb` and its siblings lie.
   * @default - Istio's own releases
   */
  readonly baseUrl?: string;
}

/** A package checked against what is published beside it. */
export interface PublishedPackageArgs {
  /**
   * Where `<version>/deb/istio-sidecar.deb` and its siblings lie; https.
   * @default - Istio's own releases
   */
  readonly baseUrl?: string;
}
