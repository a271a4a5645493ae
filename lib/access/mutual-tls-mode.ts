/** What workloads take from callers. */
export enum MutualTlsMode {
  /** Mutual TLS alone. */
  STRICT = 'STRICT',
  /** Mutual TLS and plain text. */
  PERMISSIVE = 'PERMISSIVE',
  /** Plain text alone: nobody knows who calls. */
  DISABLE = 'DISABLE',
  /** What the policy of the namespace says, else that of the mesh, else PERMISSIVE. */
  UNSET = 'UNSET',
}
