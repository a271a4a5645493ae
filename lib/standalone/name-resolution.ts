/**
 * Envoy's own DNS server.
 * @args DnsFilterArgs
 */
export interface DnsFilterOptions {
  /**
   * Loopback address on which Envoy answers.
   * @default '127.0.0.1'
   * @argsPlain
   */
  readonly address?: string;

  /**
   * UDP port on which Envoy answers. 53 needs the right to open it.
   * @default 15053
   */
  readonly port?: number;

  /**
   * IP addresses of name servers that are asked for all other names, port 53.
   * @default [] other names are not known (NXDOMAIN): for a resolver that asks Envoy for names of the mesh alone
   * @argsPlain
   */
  readonly upstreams?: readonly string[];
}

/** How clients on the machine find the services that they call: their names lead to the Envoy beside them. */
export class NameResolution {
  /** By a block of /etc/hosts, which stands in the file `hosts` beside the configuration. */
  public static hostsBlock(): NameResolution {
    return new NameResolution({ hostsBlock: true });
  }

  /** By Envoy's own DNS server: point the machine's resolver at it, for the domains of the mesh or for all. */
  public static dnsFilter(options: DnsFilterOptions = {}): NameResolution {
    return new NameResolution({ dnsFilter: options });
  }

  /** Not at all: clients name the loopback address, and for the listener of all services the Host header. */
  public static none(): NameResolution {
    return new NameResolution({ none: true });
  }

  /** {@link NameResolution.hostsBlock} */
  declare public readonly hostsBlock?: true;
  /** {@link NameResolution.dnsFilter} */
  declare public readonly dnsFilter?: DnsFilterOptions;
  /** {@link NameResolution.none} */
  declare public readonly none?: true;

  private constructor(choice: NameResolution) {
    Object.assign(this, choice);
  }
}
