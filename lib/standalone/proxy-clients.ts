import { Problems } from '../core/problems';
import type { ClientCertificatesOptions } from './client-certificates-options';
import { checkClientAddresses, checkClientCertificates } from './private/client-checks';

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
   * @throws ValidationError for no range at all, and for a range that is none.
   */
  public static addresses(cidrs: readonly string[]): ProxyClients {
    const problems = new Problems();
    checkClientAddresses(problems, 'cidrs', cidrs);
    problems.throwIfAny('ProxyClients.addresses');
    return new ProxyClients([...cidrs], undefined);
  }

  /**
   * Whoever shows a certificate with one of these names, by mutual TLS.
   *
   * @throws ValidationError without any name, and for names that are none.
   */
  public static certificates(options: ClientCertificatesOptions): ProxyClients {
    const problems = new Problems();
    checkClientCertificates(problems, options);
    problems.throwIfAny('ProxyClients.certificates');
    return new ProxyClients(undefined, options);
  }

  private constructor(
    /** Address ranges of the clients, or undefined when certificates tell them. */
    public readonly cidrs: readonly string[] | undefined,
    /** Certificates of the clients, or undefined when addresses tell them. */
    public readonly certificateOptions: ClientCertificatesOptions | undefined,
  ) {}
}
