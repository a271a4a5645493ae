import { Problems } from '../core/problems';
import { checkIpAddress } from '../core/values/addresses';
import { checkPortNumber } from '../core/values/ports';

/** Options of NameResolution.dnsFilter. */
export interface DnsFilterOptions {
  /**
   * Loopback address on which Envoy answers.
   * @default '127.0.0.1'
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
   */
  readonly upstreams?: readonly string[];
}

/** How clients on the machine find the services that they call: their names lead to the Envoy beside them. */
export class NameResolution {
  /** By a block of /etc/hosts, which stands in the file `hosts` beside the configuration. */
  public static hostsBlock(): NameResolution {
    return new NameResolution(true, undefined);
  }

  /**
   * By Envoy's own DNS server: point the machine's resolver at it, for the domains of the mesh or for all.
   *
   * @throws ValidationError for addresses and ports that are none.
   */
  public static dnsFilter(options: DnsFilterOptions = {}): NameResolution {
    const problems = new Problems();
    if (options.address !== undefined) checkIpAddress(problems, 'address', options.address);
    if (options.port !== undefined) checkPortNumber(problems, 'port', options.port);
    options.upstreams?.forEach((upstream, index) => {
      checkIpAddress(problems, `upstreams[${index}]`, upstream);
    });
    problems.throwIfAny('NameResolution.dnsFilter');
    return new NameResolution(false, options);
  }

  /** Not at all: clients name the loopback address, and for the listener of all services the Host header. */
  public static none(): NameResolution {
    return new NameResolution(false, undefined);
  }

  private constructor(
    /** Whether there is a hosts block. */
    public readonly writesHosts: boolean,
    /** Envoy's DNS server, or undefined. */
    public readonly dns: DnsFilterOptions | undefined,
  ) {}
}
