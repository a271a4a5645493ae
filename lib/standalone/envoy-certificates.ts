import type {
  CertificateFilesOptions,
  CertManagerCertificatesOptions,
  VaultCertificatesOptions,
} from './certificate-options';

/**
 * Where a machine without a control plane has its certificate from.
 *
 * The mesh takes it when it carries the machine's SPIFFE ID and leads to a root that the mesh trusts. There are two ways to that. A shared
 * root: istiod's authority (the Secret `cacerts`) and the machine's issuer are both signed by it; nothing else is to be set. Or a root of its
 * own: ControlPlane gets it as one of `additionalRoots`. On the machine the roots of the mesh itself lie in `root-cert.pem`.
 *
 * Whoever rules the issuer rules all identities of the mesh. What is made here pins one machine to one identity; that nobody else may
 * have a certificate of that identity is up to the other roles of that Vault, and to who may create Certificates and CertificateRequests.
 */
export class EnvoyCertificates {
  /**
   * Files that somebody else writes and renews. The certificate must carry the machine's SPIFFE ID as its only URI, and must be issued
   * under a root that the mesh trusts.
   */
  public static files(options: CertificateFilesOptions = {}): EnvoyCertificates {
    return new EnvoyCertificates({ files: options });
  }

  /**
   * The PKI secrets engine of HashiCorp Vault. Vault Agent runs on the machine, has the certificate issued and renews it; certificate, chain
   * and key are one file, which it moves into place. `StandaloneEnvoy.certificateFiles()` holds its configuration and its unit,
   * `StandaloneEnvoy.vaultWrites()` what Vault needs: a PKI role that signs this one SPIFFE ID and no other name, and a policy that allows
   * that role alone.
   *
   * @example
   * const certificates = EnvoyCertificates.vault({
   *   address: 'https://vault.example.com:8200',
   *   auth: VaultAuth.awsIam({ principalArns: ['arn:aws:iam::123456789012:role/laptops'] }),
   *   meshRoots: [TrustedRoots.pem(readFileSync('mesh-root.pem', 'utf8'))],
   *   issuerChain: readFileSync('vault-chain.pem', 'utf8'),
   * });
   */
  public static vault(options: VaultCertificatesOptions): EnvoyCertificates {
    return new EnvoyCertificates({ vault: options });
  }

  /**
   * cert-manager. The Envoy's construct emits the Certificate, and the right to read its Secret and no other; a small program on the machine
   * (`StandaloneEnvoy.certificateFiles()`) fetches it every minute, and refuses what is not this machine's certificate or ends soon. With that
   * program user-data is more than EC2 takes as plain text: UserDataTarget.ec2LaunchTemplate() compresses it.
   *
   * @example
   * const certificates = EnvoyCertificates.certManager({
   *   issuer: CertificateIssuer.issuer('machines'),
   *   identity: MachineIdentity.eks({ cluster: 'prod-eu' }),
   *   apiServer: 'https://ABCDEF.gr7.eu-west-1.eks.amazonaws.com',
   *   caCertificate: readFileSync('cluster-ca.pem', 'utf8'),
   * });
   */
  public static certManager(options: CertManagerCertificatesOptions): EnvoyCertificates {
    return new EnvoyCertificates({ certManager: options });
  }

  /**
   * {@link EnvoyCertificates.files}
   * @argsDoc Files that somebody else writes and renews.
   */
  declare public readonly files?: CertificateFilesOptions;
  /**
   * {@link EnvoyCertificates.vault}
   * @argsDoc The PKI secrets engine of HashiCorp Vault. Vault Agent runs on the machine, has the certificate issued and renews it: its configuration and its unit are the output `certificateFiles`, what Vault needs is the output `vaultWrites`.
   */
  declare public readonly vault?: VaultCertificatesOptions;
  /**
   * {@link EnvoyCertificates.certManager}
   * @argsDoc cert-manager. The component declares the Certificate, and the right to read its Secret and no other; a small program on the machine, the output `certificateFiles`, fetches it every minute.
   */
  declare public readonly certManager?: CertManagerCertificatesOptions;

  private constructor(choice: EnvoyCertificates) {
    Object.assign(this, choice);
  }
}
