/**
 * Something that who rules Vault writes to it, once: `vault write <path> -` takes `data` as JSON on its standard input, HTTP takes it with POST
 * to `/v1/<path>`.
 */
export interface VaultWrite {
  /** Path in Vault, such as `pki/roles/laptops.laptop`. */
  readonly path: string;
  /** What to write there. Nothing secret is in it. */
  readonly data: Readonly<Record<string, unknown>>;
}
