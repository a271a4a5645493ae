import type { TrustedRoots } from '../control-plane/trusted-roots';
import { Problems } from '../core/problems';
import type { MachineIdentity } from '../join/machine-identity';
import type { CertificateIssuer } from './certificate-issuer';
import { checkCertManagerOptions, checkVaultOptions } from './private/certificate-options';
import { checkAbsolutePath, checkFileName } from './private/paths';
import type { VaultAuth } from './vault-auth';

/** Names of certificate files. */
export interface CertificateFilesOptions {
  /**
   * Folder of the three files, an absolute path. Whoever renews them writes new files elsewhere and moves them in: Envoy takes them up
   * within a moment, without a restart.
   * @default - folder `certificates` in the Envoy's own
   */
  readonly directory?: string;

  /**
   * The machine's certificate with all between it and the root, PEM.
   * @default 'cert-chain.pem'
   */
  readonly certificateChain?: string;

  /**
   * The private key of the certificate, PEM. Mode 0600.
   * @default 'key.pem'
   */
  readonly privateKey?: string;

  /**
   * Roots of the mesh, PEM: who calls itself a service of the mesh must have its certificate from one of these.
   * @default 'root-cert.pem'
   */
  readonly rootCertificates?: string;
}

/** Why the mesh trusts the machine's certificate: checked when the program runs, where the program has the certificates. */
export interface CertificateTrustOptions {
  /**
   * The certificates of who issues the machine's, from the issuer on, PEM; the root may be left out. With it the program fails when they don't
   * lead to a root that the mesh trusts: one of `meshRoots` (a shared root) or of `additionalRoots`.
   * @default - not checked
   */
  readonly issuerChain?: string;

  /**
   * Roots that the mesh trusts besides its own: those of ControlPlane's `additionalRoots`.
   * @default []
   */
  readonly additionalRoots?: readonly TrustedRoots[];
}

/** Options of EnvoyCertificates.vault. */
export interface VaultCertificatesOptions extends CertificateTrustOptions {
  /** Address of Vault as the machine reaches it, such as `https://vault.example.com:8200`. */
  readonly address: string;

  /** How the machine proves to Vault who it is. */
  readonly auth: VaultAuth;

  /** Roots of the mesh: who calls itself a service of the mesh must have its certificate from one of these. */
  readonly meshRoots: readonly TrustedRoots[];

  /**
   * File on the machine with the authority of Vault's own certificate, PEM.
   * @default - the authorities of the system
   */
  readonly caFile?: string;

  /**
   * Namespace of Vault Enterprise and HCP.
   * @default - none
   */
  readonly vaultNamespace?: string;

  /**
   * Where the PKI secrets engine is mounted.
   * @default 'pki'
   */
  readonly pkiMount?: string;

  /**
   * Name of the PKI role, of the policy, and of the role of the auth method.
   * @default - '<namespace>.<serviceAccount>' of the machine's identity
   */
  readonly role?: string;

  /**
   * How long a certificate is good. Vault Agent has it renewed after about nine tenths of that: Vault may be away for the last tenth.
   * @default 86400
   */
  readonly lifetimeSeconds?: number;

  /**
   * The program `vault` on the machine.
   * @default '/usr/bin/vault'
   */
  readonly binary?: string;

  /**
   * Folder of the certificate, an absolute path.
   * @default - folder `certificates` in the Envoy's own
   */
  readonly directory?: string;
}

/** Options of EnvoyCertificates.certManager. */
export interface CertManagerCertificatesOptions extends CertificateTrustOptions {
  /** Who signs. */
  readonly issuer: CertificateIssuer;

  /** How the machine proves to the Kubernetes API server who it is. It may read its own Secret, and nothing of others. */
  readonly identity: MachineIdentity;

  /**
   * Address of the Kubernetes API server as the machine reaches it: https, a host, and a port unless it is 443.
   * @default - what the kubeconfig says; needed with every other identity
   */
  readonly apiServer?: string;

  /**
   * Certificate of the authority that signed the API server's certificate, PEM.
   * @default - what the kubeconfig says; needed with every other identity
   */
  readonly caCertificate?: string;

  /**
   * Roots of the mesh: who calls itself a service of the mesh must have its certificate from one of these.
   * @default - those that istiod publishes in the namespace (ConfigMap `istio-ca-root-cert`), which the machine follows
   */
  readonly meshRoots?: readonly TrustedRoots[];

  /**
   * How long a certificate is good, at least an hour.
   * @default 86400
   */
  readonly durationSeconds?: number;

  /**
   * How long before its end it is renewed, at least 300.
   * @default - a third of durationSeconds
   */
  readonly renewBeforeSeconds?: number;

  /**
   * Name of the Secret.
   * @default - name of the machine and "-certificate"
   */
  readonly secretName?: string;

  /**
   * Folder of the certificate, an absolute path.
   * @default - folder `certificates` in the Envoy's own
   */
  readonly directory?: string;
}

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
