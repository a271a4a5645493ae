import type { ClientCertificatesOptions } from './client-certificates-options';

/**
 * Who may use forwarding proxies. To the mesh every one of them is the proxies' own ServiceAccount: what one client may call, all may, and
 * the mesh's logs and policies can't tell them apart.
 */
export class ProxyClients {
  /**
   * Whoever connects from an address range, in plain text. That is all that is known of them: on these networks everybody has the rights of
   * the proxies, and reads along. For networks whose every machine you trust that far.
   *
   * @param cidrs At least one address range.
   */
  public static addresses(cidrs: readonly string[]): ProxyClients {
    return new ProxyClients({ addresses: { cidrs } });
  }

  /** Whoever shows a certificate with one of these names, by mutual TLS. */
  public static certificates(options: ClientCertificatesOptions): ProxyClients {
    return new ProxyClients({ certificates: options });
  }

  /** {@link ProxyClients.addresses} */
  declare public readonly addresses?: ClientAddresses;
  /** {@link ProxyClients.certificates} */
  declare public readonly certificates?: ClientCertificatesOptions;

  private constructor(choice: ProxyClients) {
    Object.assign(this, choice);
  }
}

/** Clients by their addresses. */
export interface ClientAddresses {
  /** Address ranges, such as `10.40.0.0/16`: at least one. */
  readonly cidrs: readonly string[];
}
