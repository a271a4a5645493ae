import { Problems } from '../core/problems';
import { CLUSTER_DOMAIN, checkDnsServer, checkDomains } from './private/dns-mode';

/** Which names of the mesh a machine's systemd-resolved sends elsewhere. */
export interface RoutedDomains {
  /**
   * Domains besides `svc.cluster.local`, such as those of ServiceEntry hosts. A domain stands for itself and for all names below it. A single
   * label is a domain, too: with `payments` the short name `orders.payments` is a name of the mesh.
   * @default []
   */
  readonly domains?: readonly string[];
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
    return new DnsMode('capture', [], undefined);
  }

  /**
   * systemd-resolved sends names of the mesh, and no others, to the sidecar. Whatever happens to the sidecar, all other names resolve. Needs
   * systemd-resolved 246 or later, and a machine whose programs ask it; elsewhere the agent refuses.
   *
   * @param options Further domains whose names the sidecar answers.
   * @throws ValidationError with every problem of the domains.
   */
  public static split(options: RoutedDomains = {}): DnsMode {
    const problems = new Problems();
    const domains = routed(problems, options);
    problems.throwIfAny('DnsMode.split');
    return new DnsMode('split', domains, undefined);
  }

  /**
   * systemd-resolved sends names of the mesh, and no others, to the cluster's CoreDNS. The sidecar answers no names: what only the mesh
   * knows, such as ServiceEntry hosts and addresses that istiod allocates, does not resolve. Programs see the ClusterIP of a Service. Needs
   * systemd-resolved, a machine whose programs ask it, and nftables; elsewhere the agent refuses.
   *
   * @param address IPv4 address under which CoreDNS is reachable from the machines on port 53, by UDP and TCP.
   * @param options Further domains whose names CoreDNS answers.
   * @throws ValidationError with every problem of the arguments.
   */
  public static coreDns(address: string, options: RoutedDomains = {}): DnsMode {
    const problems = new Problems();
    checkDnsServer(problems, 'address', address);
    const domains = routed(problems, options);
    problems.throwIfAny('DnsMode.coreDns');
    return new DnsMode('coreDns', domains, address);
  }

  /**
   * Nobody answers names of the mesh on the machine's behalf. Calls to the address of a Service, or to one that a ServiceEntry declares, go
   * through the mesh all the same; addresses that istiod allocates are not used.
   */
  public static off(): DnsMode {
    return new DnsMode('off', [], undefined);
  }

  private constructor(
    /** `capture`, `split`, `coreDns` or `off`. */
    public readonly mode: string,
    /** Domains that systemd-resolved sends elsewhere; none for `capture` and `off`. */
    public readonly domains: readonly string[],
    /** Address of CoreDNS; undefined for the others. */
    public readonly address: string | undefined,
  ) {}
}

function routed(problems: Problems, { domains = [] }: RoutedDomains): readonly string[] {
  checkDomains(problems, 'domains', domains);
  return [CLUSTER_DOMAIN, ...domains];
}
