/** Something that who rules Vault writes to it, once: what `vault.generic.Endpoint` of @pulumi/vault takes. Nothing secret is in it. */
export interface VaultWrite {
  /** Path in Vault, such as `pki/roles/laptops.laptop`. */
  readonly path: string;

  /** What to write there, as JSON: `vault write <path> -` takes it on its standard input. */
  readonly dataJson: string;
}
