import type { MeshIdentity } from '../mesh/mesh-identity';

/**
 * Clients by their certificates: at least one name.
 * @args ClientCertificatesArgs
 */
export interface ClientCertificatesOptions {
  /**
   * Clients by the URI in their certificates.
   * @default []
   */
  readonly identities?: readonly MeshIdentity[];

  /**
   * Clients by a DNS name in their certificates, such as `batch.example.com`.
   * @default []
   */
  readonly dnsNames?: readonly string[];

  /**
   * The certificate that the proxies show their clients, with all between it and its root, PEM; a name of a file beside the mesh's
   * certificate. Not that one: clients look for a DNS name, and the mesh's certificates have none.
   * @default 'server-cert-chain.pem'
   * @argsPlain
   */
  readonly certificateChain?: string;

  /**
   * The private key of that certificate, PEM.
   * @default 'server-key.pem'
   * @argsPlain
   */
  readonly privateKey?: string;

  /**
   * Roots of the clients' certificates, PEM.
   * @default 'client-roots.pem'
   * @argsPlain
   */
  readonly clientRoots?: string;
}
