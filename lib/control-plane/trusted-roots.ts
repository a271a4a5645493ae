import { isDeferred, Problems, rule } from '../core/problems';
import { certificatesIn, checkRoots } from '../core/values/certificate-checks';
import { isIstioDnsLabel } from '../core/values/names';

const TRUST_DOMAIN = rule({
  id: 'trusted-roots/trust-domain',
  origin: 'ignored',
  allowed: 'DNS labels joined by "."',
  remedy: 'give the trust domain alone, without spiffe:// and without a path',
  source: 'istio pkg/config/validation looks at no trust domain of caCertificates, and no certificate has another one',
});

/** Options of TrustedRoots.pem. */
export interface TrustedRootsOptions {
  /**
   * Trust domains of who has a certificate under these roots, where they are others than the mesh's own. Callers from them are let into the
   * mesh's mutual TLS; what they may do, authorization policies say.
   * @default - the mesh's own trust domain and its aliases
   */
  readonly trustDomains?: readonly string[];
}

/**
 * Roots: certificates that sign themselves, to which a peer's certificate must lead. Who holds the key of one of them, or of an authority
 * under it, can make a certificate for every identity of the mesh: Istio asks for the right root and the right trust domain, and for no more.
 */
export class TrustedRoots {
  /**
   * Roots as a text. That they are authorities, sign themselves and come without a private key is checked; whether they have expired is not:
   * the program has no clock.
   *
   * @param pem One or more certificates.
   * @throws ValidationError with every problem of the text and the options.
   */
  public static pem(pem: string, options: TrustedRootsOptions = {}): TrustedRoots {
    const problems = new Problems();
    const { trustDomains = [] } = options;
    checkRoots(problems, 'pem', pem);
    trustDomains.forEach((domain, index) => {
      const fits = typeof domain === 'string' && domain.split('.').every(isIstioDnsLabel);
      if (!isDeferred(domain) && !fits) problems.add(TRUST_DOMAIN, `trustDomains[${index}]`, domain);
    });
    problems.throwIfAny('TrustedRoots.pem');
    return new TrustedRoots(certificatesIn(pem), trustDomains);
  }

  private constructor(
    /** The roots, PEM, one text each. */
    public readonly certificates: readonly string[],
    /** Trust domains of who has a certificate under them; none for the mesh's own. */
    public readonly trustDomains: readonly string[],
  ) {}
}
