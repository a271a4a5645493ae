import type { DnsMode } from '../mesh/dns-mode';
import type { HostFirewall } from './host-firewall';
import type { KubernetesSubject } from './kubernetes-subject';
import type { SidecarPackage } from './sidecar-package';

/** How machines of a group join and stay in the mesh. */
export interface BootstrapProps {
  /**
   * Seconds between two looks at the cluster, 60 to 86400: how long it takes until a change of the group, the gateway's address or the
   * root certificate reaches the machines. At the default a machine makes 18 requests to the API server an hour.
   * @default 300
   */
  readonly refreshIntervalSeconds?: number;

  /**
   * Seconds over which machines spread a restart of their sidecars, so that a change doesn't restart a whole fleet at once. 0 to 3600.
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
   * locality, weight or ServiceAccount of its group. istiod makes a new entry only for a machine that was gone for longer than the control
   * plane's `disconnectGracePeriodSeconds`, so this must exceed it by a few seconds. Meanwhile the machine's own calls go on, others don't
   * find it; a fleet goes one after the other, over 20 times this long or `restartJitterSeconds` if that is longer, but all at once where
   * `restartJitterSeconds` is 0. 2 to 300.
   * @default 15
   */
  readonly absenceSeconds?: number;

  /**
   * Seconds after which a machine that can't join gives its traffic capture up, so that it doesn't stay cut off. 60 to 3600.
   * @default 300
   */
  readonly deadManSeconds?: number;

  /**
   * Life of the tokens by which machines ask istiod for certificates, 600 to 3600 seconds. The cluster refuses longer ones.
   * @default 3600
   */
  readonly tokenLifetimeSeconds?: number;

  /**
   * Where the sidecar's package comes from. The default is checked against the checksum that lies beside it on the same server; pin your
   * own for production.
   * @default - published by Istio
   */
  readonly sidecarPackage?: SidecarPackage;

  /**
   * Address ranges that the machines' applications reach directly, past the sidecar, besides the cloud's metadata service and the API
   * server.
   * @default []
   */
  readonly excludeCidrs?: readonly string[];

  /**
   * Ports of the machines that the sidecar leaves alone when they are dialled, besides SSH (22) and its own: 1 to 65535. Only those that are
   * among the group's ports would be captured at all.
   * @default []
   */
  readonly excludeInboundPorts?: readonly number[];

  /**
   * Ports of others that the machines' applications reach directly, past the sidecar, whatever the address: those of NFS (111, 2049), for
   * instance. 1 to 65535.
   * @default []
   */
  readonly excludeOutboundPorts?: readonly number[];

  /**
   * Network interfaces of the machines that the sidecar leaves alone in both directions, such as Docker's bridge `docker0`, whose containers'
   * own calls to a port of the group would else be taken for calls to the machine. One that is taken out of the list again stays excluded on a
   * running machine until it boots.
   * @default []
   */
  readonly excludeInterfaces?: readonly string[];

  /**
   * A firewall on each machine, that lets the group's ports be reached through the sidecar alone: what mutual TLS promises then holds also
   * while the sidecar is stopped. Needs nftables. Where ufw or firewalld is on, that is told to let pass the same.
   * @default - no firewall: a machine whose sidecar is stopped takes plain text
   */
  readonly hostFirewall?: HostFirewall;

  /**
   * How the machines resolve the names of the mesh.
   * @default - capture where the mesh says `proxy.dnsCapture`, else off
   */
  readonly dns?: DnsMode;

  /**
   * Who may change the group's ConfigMaps besides whoever may change the cluster's ValidatingAdmissionPolicies: the GitOps controller or
   * pipeline, where it has no such right. Machines run as root what stands in them. A ServiceAccount stands in another namespace than
   * the group: whoever may make pods in a namespace has all of its ServiceAccounts.
   * @default []
   */
  readonly editors?: readonly KubernetesSubject[];
}
