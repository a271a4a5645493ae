import { Problems } from '../core/problems';
import { checkDnsSubdomain } from '../core/values/names';

/** Options of CertificateIssuer.external. */
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
   * @throws ValidationError for a name that Kubernetes refuses.
   */
  public static issuer(name: string): CertificateIssuer {
    return CertificateIssuer.of('issuer', 'cert-manager.io', 'Issuer', name);
  }

  /**
   * A ClusterIssuer. Every namespace may name it: whoever may create a Certificate or a CertificateRequest anywhere can have one of every
   * identity, unless an approver (cert-manager's approver-policy) says otherwise.
   * @throws ValidationError for a name that Kubernetes refuses.
   */
  public static clusterIssuer(name: string): CertificateIssuer {
    return CertificateIssuer.of('clusterIssuer', 'cert-manager.io', 'ClusterIssuer', name);
  }

  /**
   * An issuer of another API group.
   * @throws ValidationError with every problem of the options.
   */
  public static external(options: ExternalIssuerOptions): CertificateIssuer {
    return CertificateIssuer.of('external', options.group, options.kind, options.name);
  }

  private static of(method: string, group: string, kind: string, name: string): CertificateIssuer {
    const problems = new Problems();
    checkDnsSubdomain(problems, 'group', group);
    checkDnsSubdomain(problems, 'kind', String(kind).toLowerCase());
    checkDnsSubdomain(problems, 'name', name);
    problems.throwIfAny(`CertificateIssuer.${method}`);
    return new CertificateIssuer(group, kind, name);
  }

  private constructor(
    /** API group. */
    public readonly group: string,
    /** Kind. */
    public readonly kind: string,
    /** Name. */
    public readonly name: string,
  ) {}
}
