import type * as pulumi from '@pulumi/pulumi';
import type { TrustedRootsArgs } from '../control-plane/trusted-roots-args';
import type { MachineIdentityArgs } from '../join/machine-identity-args';
import type { VaultAuthArgs } from './vault-auth-args';

/**
 * Where the certificate of an Envoy is from. Exactly one property must be set.
 *
 * The mesh takes it when it carries the machine's SPIFFE ID and leads to a root that the mesh trusts: one that signed istiod's authority,
 * too, or one of ControlPlane's `additionalRoots`. Whoever rules the issuer rules all identities of the mesh.
 */
export interface EnvoyCertificatesArgs {
  /**
   * Files that somebody else writes and renews.
   * @default - another property is set
   */
  readonly files?: CertificateFilesArgs;

  /**
   * The PKI secrets engine of HashiCorp Vault. Vault Agent runs on the machine, has the certificate issued and renews it: its configuration
   * and its unit are the output `certificateFiles`, what Vault needs is the output `vaultWrites`.
   * @default - another property is set
   */
  readonly vault?: VaultCertificatesArgs;

  /**
   * cert-manager. The component declares the Certificate, and the right to read its Secret and no other; a small program on the machine, the
   * output `certificateFiles`, fetches it every minute.
   * @default - another property is set
   */
  readonly certManager?: CertManagerCertificatesArgs;
}

/** Names of certificate files. */
export interface CertificateFilesArgs {
  /**
   * Folder of the three files, an absolute path.
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
   * Roots of the mesh, PEM.
   * @default 'root-cert.pem'
   */
  readonly rootCertificates?: string;
}

/** Certificates by the PKI secrets engine of HashiCorp Vault. */
export interface VaultCertificatesArgs {
  /** Address of Vault as the machine reaches it, such as `https://vault.example.com:8200`. */
  readonly address: pulumi.Input<string>;

  /** How the machine proves to Vault who it is. */
  readonly auth: VaultAuthArgs;

  /** Roots of the mesh: who calls itself a service of the mesh must have its certificate from one of these. At least one. */
  readonly meshRoots: TrustedRootsArgs[];

  /**
   * The certificates of who issues the machine's, from the issuer on, PEM; the root may be left out. With it the deployment fails when they
   * don't lead to a root that the mesh trusts: one of `meshRoots` (a shared root) or of `additionalRoots`.
   * @default - not checked
   */
  readonly issuerChain?: pulumi.Input<string>;

  /**
   * Roots that the mesh trusts besides its own: those of ControlPlane's `additionalRoots`.
   * @default []
   */
  readonly additionalRoots?: TrustedRootsArgs[];

  /**
   * File on the machine with the authority of Vault's own certificate, PEM.
   * @default - the authorities of the system
   */
  readonly caFile?: string;

  /**
   * Namespace of Vault Enterprise and HCP.
   * @default - none
   */
  readonly vaultNamespace?: pulumi.Input<string>;

  /**
   * Where the PKI secrets engine is mounted.
   * @default 'pki'
   */
  readonly pkiMount?: pulumi.Input<string>;

  /**
   * Name of the PKI role, of the policy, and of the role of the auth method.
   * @default - '<namespace>.<serviceAccount>' of the machine's identity
   */
  readonly role?: pulumi.Input<string>;

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

/** Certificates by cert-manager. */
export interface CertManagerCertificatesArgs {
  /** Who signs. */
  readonly issuer: CertificateIssuerArgs;

  /** How the machine proves to the Kubernetes API server who it is. It may read its own Secret, and nothing of others. */
  readonly identity: MachineIdentityArgs;

  /**
   * Address of the Kubernetes API server as the machine reaches it: https, a host, and a port unless it is 443.
   * @default - what the kubeconfig says; needed with every other identity
   */
  readonly apiServer?: pulumi.Input<string>;

  /**
   * Certificate of the authority that signed the API server's certificate, PEM.
   * @default - what the kubeconfig says; needed with every other identity
   */
  readonly caCertificate?: pulumi.Input<string>;

  /**
   * Roots of the mesh: who calls itself a service of the mesh must have its certificate from one of these.
   * @default - those that istiod publishes in the namespace (ConfigMap `istio-ca-root-cert`), which the machine follows
   */
  readonly meshRoots?: TrustedRootsArgs[];

  /**
   * The certificates of who issues the machine's, from the issuer on, PEM; the root may be left out. With it the deployment fails when they
   * don't lead to a root that the mesh trusts: one of `meshRoots` (a shared root) or of `additionalRoots`.
   * @default - not checked
   */
  readonly issuerChain?: pulumi.Input<string>;

  /**
   * Roots that the mesh trusts besides its own: those of ControlPlane's `additionalRoots`.
   * @default []
   */
  readonly additionalRoots?: TrustedRootsArgs[];

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
  readonly secretName?: pulumi.Input<string>;

  /**
   * Folder of the certificate, an absolute path.
   * @default - folder `certificates` in the Envoy's own
   */
  readonly directory?: string;
}

/** Who signs certificates for cert-manager. Exactly one property must be set. */
export interface CertificateIssuerArgs {
  /**
   * Name of an Issuer in the namespace of the machine's identity.
   * @default - another property is set
   */
  readonly issuer?: pulumi.Input<string>;

  /**
   * Name of a ClusterIssuer. Every namespace may name it: whoever may create a Certificate or a CertificateRequest anywhere can have one of
   * every identity, unless an approver (cert-manager's approver-policy) says otherwise.
   * @default - another property is set
   */
  readonly clusterIssuer?: pulumi.Input<string>;

  /**
   * An issuer of another API group.
   * @default - another property is set
   */
  readonly external?: ExternalIssuerArgs;
}

/** An issuer of another API group. */
export interface ExternalIssuerArgs {
  /** API group of the issuer, such as `awspca.cert-manager.io`. */
  readonly group: pulumi.Input<string>;

  /** Kind of the issuer, such as `AWSPCAClusterIssuer`. */
  readonly kind: pulumi.Input<string>;

  /** Name of the issuer. */
  readonly name: pulumi.Input<string>;
}

/** How what fetches the certificate runs on the machine. */
export interface CertificateProgramArgs {
  /**
   * User that Envoy runs as: what fetches the certificate runs as the same one, and the folder of the certificate is theirs, mode 0700.
   * @default 'meshvm-envoy'
   */
  readonly user?: string;
}

/** Something that who rules Vault writes to it, once: what `vault.generic.Endpoint` of @pulumi/vault takes. Nothing secret is in it. */
export interface VaultWrite {
  /** Path in Vault, such as `pki/roles/laptops.laptop`. */
  readonly path: string;

  /** What to write there, as JSON: `vault write <path> -` takes it on its standard input. */
  readonly dataJson: string;
}
