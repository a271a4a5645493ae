import { Problems } from '../core/problems';
import type {
  CertificateFilesOptions,
  CertManagerCertificatesOptions,
  VaultCertificatesOptions,
} from './certificate-options';
import { checkCertManagerOptions, checkVaultOptions } from './private/certificate-options';
import { checkAbsolutePath, checkFileName } from './private/paths';

/**
 * Where a machine without a control plane has its certificate from.
 *
 * The mesh takes it when it carries the machine's SPIFFE ID and leads to a root that the mesh trusts. There are two ways to that. A shared
 * root: istiod's authority (the Secret `cacerts`) and the machine's issuer are both signed by it; nothing else is to be set. Or a root of its
 * own: ControlPlane gets it as one of `additionalRoots`. On the machine the roots of the mesh itself lie in `root-cert.pem`.
 *
 * Whoever rules the issuer rules all identities of the mesh. What this class makes pins one machine to one identity; that nobody else may
 * have a certificate of that identity is up to the other roles of that Vault, and to who may create Certificates and CertificateRequests.
 */
export class EnvoyCertificates {
  /**
   * Files that somebody else writes and renews. The certificate must carry the machine's SPIFFE ID as its only URI, and must be issued
   * under a root that the mesh trusts.
   *
   * @throws ValidationError for a folder that is no absolute path, and for names that are no names of files.
   */
  public static files(options: CertificateFilesOptions = {}): EnvoyCertificates {
    const problems = new Problems();
    const { directory, certificateChain, privateKey, rootCertificates } = options;
    checkAbsolutePath(problems, 'directory', directory);
    checkFileName(problems, 'certificateChain', certificateChain);
    checkFileName(problems, 'privateKey', privateKey);
    checkFileName(problems, 'rootCertificates', rootCertificates);
    problems.throwIfAny('EnvoyCertificates.files');
    return new EnvoyCertificates(options, undefined, undefined);
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
   *
   * @throws ValidationError with every problem of the options.
   */
  public static vault(options: VaultCertificatesOptions): EnvoyCertificates {
    const problems = new Problems();
    checkVaultOptions(problems, options);
    problems.throwIfAny('EnvoyCertificates.vault');
    return new EnvoyCertificates(oneFile(options.directory), options, undefined);
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
   *
   * @throws ValidationError with every problem of the options.
   */
  public static certManager(options: CertManagerCertificatesOptions): EnvoyCertificates {
    const problems = new Problems();
    checkCertManagerOptions(problems, options);
    problems.throwIfAny('EnvoyCertificates.certManager');
    return new EnvoyCertificates(oneFile(options.directory), undefined, options);
  }

  private constructor(
    /** Names of the files. */
    public readonly files: CertificateFilesOptions,
    /** What was said of Vault; undefined for another source. */
    public readonly vaultOptions: VaultCertificatesOptions | undefined,
    /** What was said of cert-manager; undefined for another source. */
    public readonly certManagerOptions: CertManagerCertificatesOptions | undefined,
  ) {}
}

/** Certificate, chain and key in one file: no reader ever sees two of them that do not fit together. */
function oneFile(directory: string | undefined): CertificateFilesOptions {
  return { directory, certificateChain: 'identity.pem', privateKey: 'identity.pem', rootCertificates: 'root-cert.pem' };
}
