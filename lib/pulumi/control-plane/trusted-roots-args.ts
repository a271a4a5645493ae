import type * as pulumi from '@pulumi/pulumi';

/**
 * Roots: certificates that sign themselves. Who holds the key of one of them, or of an authority under it, can make a certificate for every
 * identity of the mesh.
 */
export interface TrustedRootsArgs {
  /** One or more certificates, PEM. One that is known only at deployment must be a single one. */
  readonly pem: pulumi.Input<string>;

  /**
   * Trust domains of who has a certificate under these roots, where they are others than the mesh's own.
   * @default - the mesh's own trust domain and its aliases
   */
  readonly trustDomains?: pulumi.Input<string>[];
}
