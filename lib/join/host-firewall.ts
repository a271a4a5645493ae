/** Transport protocols of ports that a host firewall opens. */
export enum TransportProtocol {
  /** TCP. */
  TCP = 'TCP',
  /** UDP. */
  UDP = 'UDP',
}

/**
 * Who reaches port 22 of machines that have a host firewall. Never guessed: too little locks operators out, too much lets everybody in.
 * @argsDoc Who reaches port 22 of machines that have a host firewall.
 */
export class SshAccess {
  /**
   * From these address ranges alone. `0.0.0.0/0` and `::/0` are everybody.
   *
   * @param cidrs At least one address range.
   */
  public static from(cidrs: readonly string[]): SshAccess {
    return new SshAccess({ from: { cidrs } });
  }

  /** From nowhere: for machines without SSH, or with another way in that needs no open port, such as AWS Systems Manager. */
  public static closed(): SshAccess {
    return new SshAccess({ closed: true });
  }

  /**
   * {@link SshAccess.from}
   * @argsDoc Those who come from address ranges.
   */
  declare public readonly from?: SshRanges;
  /** {@link SshAccess.closed} */
  declare public readonly closed?: true;

  private constructor(choice: SshAccess) {
    Object.assign(this, choice);
  }
}

/** Address ranges from which port 22 is reachable. */
export interface SshRanges {
  /** At least one address range. `0.0.0.0/0` and `::/0` are everybody. */
  readonly cidrs: readonly string[];
}

/** A port outside of the mesh that a host firewall opens. */
export interface OpenPort {
  /** Number of the port, 1 to 65535. Not one of the group's ports, of the sidecar's, or 22 (TCP). */
  readonly port: number;

  /**
   * Protocol of the port.
   * @default TransportProtocol.TCP
   */
  readonly protocol?: TransportProtocol;

  /** Address ranges from which the port is reachable: at least one. */
  readonly cidrs: readonly string[];
}

/**
 * The firewall of a group's machines (nftables): what may come in. Everything else is dropped. What goes out is not filtered.
 *
 * The group's ports are reachable by the sidecar's capture alone. So nothing comes in past the sidecar, also while it is stopped, restarts
 * or has not started yet. Whether the sidecar takes plain text is still said by mutual TLS: see MeshVmGroup.requireMutualTls.
 *
 * Open besides: loopback, answers to what the machine asked, ICMP as far as IP needs it, and DHCP.
 *
 * Where ufw or firewalld is switched on, the agent tells it to let pass the same, by rules of its own that it takes away again. What those
 * refuse by a rule of somebody else stays refused.
 *
 * @example
 * const hostFirewall = { ssh: SshAccess.from(['10.0.0.0/24']) };
 */
export interface HostFirewall {
  /** Who reaches port 22. */
  readonly ssh: SshAccess;

  /**
   * Address ranges that reach the sidecar's health and metrics, such as those of Prometheus and of a load balancer's health checks: ports
   * 15020 (or the `statusPort` of the group's ProxyConfig), 15021 and 15090.
   * @default [] nobody
   */
  readonly monitoringCidrs?: readonly string[];

  /**
   * Further ports that are open, past the mesh.
   * @default [] none
   */
  readonly openPorts?: readonly OpenPort[];
}
