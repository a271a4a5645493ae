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
   * Roots as a text. Who takes them checks that they are authorities, sign themselves and come without a private key; not whether they have
   * expired: the program has no clock.
   *
   * @param pem One or more certificates.
   */
  public static pem(pem: string, options: TrustedRootsOptions = {}): TrustedRoots {
    return new TrustedRoots({ ...options, pem });
  }

  /**
   * One or more certificates, PEM.
   * @argsDoc One or more certificates, PEM. One that is known only at deployment must be a single one.
   */
  declare public readonly pem: string;
  /**
   * Trust domains of who has a certificate under these roots, where they are others than the mesh's own.
   * @default - the mesh's own trust domain and its aliases
   */
  declare public readonly trustDomains?: readonly string[];

  private constructor(roots: TrustedRoots) {
    Object.assign(this, roots);
  }
}
