import type * as pulumi from '@pulumi/pulumi';
import type { MeshIdentityArgs } from './standalone-service-args';

/**
 * Who may use forwarding proxies. Exactly one property must be set. To the mesh every client is the proxies' own ServiceAccount: what one
 * may call, all may, and the mesh's logs and policies can't tell them apart.
 */
export interface ProxyClientsArgs {
  /**
   * Whoever connects from an address range, in plain text. That is all that is known of them: on these networks everybody has the rights of
   * the proxies, and reads along. For networks whose every machine you trust that far.
   * @default - another property is set
   */
  readonly addresses?: ClientAddressesArgs;

  /**
   * Whoever shows a certificate with one of these names, by mutual TLS.
   * @default - another property is set
   */
  readonly certificates?: ClientCertificatesArgs;
}

/** Clients by their addresses. */
export interface ClientAddressesArgs {
  /** Address ranges, such as `10.40.0.0/16`: at least one. */
  readonly cidrs: pulumi.Input<string>[];
}

/** Clients by their certificates: at least one name. */
export interface ClientCertificatesArgs {
  /**
   * Clients by the URI in their certificates.
   * @default []
   */
  readonly identities?: MeshIdentityArgs[];

  /**
   * Clients by a DNS name in their certificates, such as `batch.example.com`.
   * @default []
   */
  readonly dnsNames?: pulumi.Input<string>[];

  /**
   * The certificate that the proxies show their clients, with all between it and its root, PEM; a name of a file beside the mesh's
   * certificate. Not that one: clients look for a DNS name, and the mesh's certificates have none.
   * @default 'server-cert-chain.pem'
   */
  readonly certificateChain?: string;

  /**
   * The private key of that certificate, PEM.
   * @default 'server-key.pem'
   */
  readonly privateKey?: string;

  /**
   * Roots of the clients' certificates, PEM.
   * @default 'client-roots.pem'
   */
  readonly clientRoots?: string;
}
