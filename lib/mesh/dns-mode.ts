/**
 * Which names of the mesh a machine's systemd-resolved sends elsewhere.
 * @args SplitDnsArgs
 */
export interface RoutedDomains {
  /**
   * Domains besides `svc.cluster.local`, such as those of ServiceEntry hosts. A domain stands for itself and for all names below it. A single
   * label is a domain, too: with `payments` the short name `orders.payments` is a name of the mesh.
   * @default []
   * @argsPlain
   */
  readonly domains?: readonly string[];
}

/** Which names of the mesh a machine's systemd-resolved sends to CoreDNS. */
export interface CoreDns extends RoutedDomains {
  /** IPv4 address under which CoreDNS is reachable from the machines on port 53, by UDP and TCP. */
  readonly address: string;
}

/** How the machines of a group resolve the names of the mesh. */
export class DnsMode {
  /**
   * The sidecar takes every DNS query that goes to the machine's name servers: it answers names of the mesh, and asks the name servers for
   * the rest. Works with every resolver that asks by port 53; short names work as in a Pod.
   *
   * While the sidecar is stopped there is no capture, and the machine asks its name servers. Between the death of a sidecar and its next start
   * (10 seconds by the package's unit) systemd removes the capture, too. But a sidecar that runs and does not answer takes all names with it.
   * Programs that ask systemd-resolved without port 53 (libnss-resolve) get no names of the mesh.
   */
  public static capture(): DnsMode {
    return new DnsMode({ capture: true });
  }

  /**
   * systemd-resolved sends names of the mesh, and no others, to the sidecar. Whatever happens to the sidecar, all other names resolve. Needs
   * systemd-resolved 246 or later, and a machine whose programs ask it; elsewhere the agent refuses.
   *
   * @param options Further domains whose names the sidecar answers.
   */
  public static split(options: RoutedDomains = {}): DnsMode {
    return new DnsMode({ split: options });
  }

  /**
   * systemd-resolved sends names of the mesh, and no others, to the cluster's CoreDNS. The sidecar answers no names: what only the mesh
   * knows, such as ServiceEntry hosts and addresses that istiod allocates, does not resolve. Programs see the ClusterIP of a Service. Needs
   * systemd-resolved, a machine whose programs ask it, and nftables; elsewhere the agent refuses.
   *
   * @param address IPv4 address under which CoreDNS is reachable from the machines on port 53, by UDP and TCP.
   * @param options Further domains whose names CoreDNS answers.
   */
  public static coreDns(address: string, options: RoutedDomains = {}): DnsMode {
    return new DnsMode({ coreDns: { ...options, address } });
  }

  /**
   * Nobody answers names of the mesh on the machine's behalf. Calls to the address of a Service, or to one that a ServiceEntry declares, go
   * through the mesh all the same; addresses that istiod allocates are not used.
   */
  public static off(): DnsMode {
    return new DnsMode({ off: true });
  }

  /** {@link DnsMode.capture} */
  declare public readonly capture?: true;
  /** {@link DnsMode.split} */
  declare public readonly split?: RoutedDomains;
  /** {@link DnsMode.coreDns} */
  declare public readonly coreDns?: CoreDns;
  /** {@link DnsMode.off} */
  declare public readonly off?: true;

  private constructor(choice: DnsMode) {
    Object.assign(this, choice);
  }
}
