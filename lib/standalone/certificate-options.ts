import type { TrustedRoots } from '../control-plane/trusted-roots';
import type { MachineIdentity } from '../join/machine-identity';
import type { CertificateIssuer } from './certificate-issuer';
import type { VaultAuth } from './vault-auth';

/**
 * Names of certificate files.
 * @args CertificateFilesArgs
 */
export interface CertificateFilesOptions {
  /**
   * Folder of the three files, an absolute path. Whoever renews them writes new files elsewhere and moves them in: Envoy takes them up
   * within a moment, without a restart.
   * @default - folder `certificates` in the Envoy's own
   * @argsPlain
   */
  readonly directory?: string;

  /**
   * The machine's certificate with all between it and the root, PEM.
   * @default 'cert-chain.pem'
   * @argsPlain
   */
  readonly certificateChain?: string;

  /**
   * The private key of the certificate, PEM. Mode 0600.
   * @default 'key.pem'
   * @argsPlain
   */
  readonly privateKey?: string;

  /**
   * Roots of the mesh, PEM: who calls itself a service of the mesh must have its certificate from one of these.
   * @default 'root-cert.pem'
   * @argsPlain
   */
  readonly rootCertificates?: string;
}

/**
 * Why the mesh trusts the machine's certificate: checked when the program runs, where the program has the certificates.
 * @argsInline
 */
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

/**
 * Certificates by the PKI secrets engine of HashiCorp Vault.
 * @args VaultCertificatesArgs
 */
export interface VaultCertificatesOptions extends CertificateTrustOptions {
  /** Address of Vault as the machine reaches it, such as `https://vault.example.com:8200`. */
  readonly address: string;

  /** How the machine proves to Vault who it is. */
  readonly auth: VaultAuth;

  /** Roots of the mesh: who calls itself a service of the mesh must have its certificate from one of these. At least one. */
  readonly meshRoots: readonly TrustedRoots[];

  /**
   * File on the machine with the authority of Vault's own certificate, PEM.
   * @default - the authorities of the system
   * @argsPlain
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
   * @argsPlain
   */
  readonly binary?: string;

  /**
   * Folder of the certificate, an absolute path.
   * @default - folder `certificates` in the Envoy's own
   * @argsPlain
   */
  readonly directory?: string;
}

/**
 * Certificates by cert-manager.
 * @args CertManagerCertificatesArgs
 */
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
   * @argsPlain
   */
  readonly directory?: string;
}
