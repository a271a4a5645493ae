/**
 * An issuer of another API group than cert-manager's own.
 * @args ExternalIssuerArgs
 */
export interface ExternalIssuerOptions {
  /** API group of the issuer, such as `awspca.cert-manager.io`. */
  readonly group: string;
  /** Kind of the issuer, such as `AWSPCAClusterIssuer`. */
  readonly kind: string;
  /** Name of the issuer. */
  readonly name: string;
}

/** Who signs certificates for cert-manager. */
export class CertificateIssuer {
  /**
   * An Issuer in the namespace of the machine's identity.
   *
   * @param name Name of the Issuer.
   */
  public static issuer(name: string): CertificateIssuer {
    return new CertificateIssuer({ issuer: name });
  }

  /**
   * A ClusterIssuer. Every namespace may name it: whoever may create a Certificate or a CertificateRequest anywhere can have one of every
   * identity, unless an approver (cert-manager's approver-policy) says otherwise.
   *
   * @param name Name of the ClusterIssuer.
   */
  public static clusterIssuer(name: string): CertificateIssuer {
    return new CertificateIssuer({ clusterIssuer: name });
  }

  /** An issuer of another API group. */
  public static external(options: ExternalIssuerOptions): CertificateIssuer {
    return new CertificateIssuer({ external: options });
  }

  /**
   * {@link CertificateIssuer.issuer}
   * @argsDoc Name of an Issuer in the namespace of the machine's identity.
   */
  declare public readonly issuer?: string;
  /**
   * {@link CertificateIssuer.clusterIssuer}
   * @argsDoc Name of a ClusterIssuer. Every namespace may name it: whoever may create a Certificate or a CertificateRequest anywhere can have one of every identity, unless an approver (cert-manager's approver-policy) says otherwise.
   */
  declare public readonly clusterIssuer?: string;
  /** {@link CertificateIssuer.external} */
  declare public readonly external?: ExternalIssuerOptions;

  private constructor(choice: CertificateIssuer) {
    Object.assign(this, choice);
  }
}
