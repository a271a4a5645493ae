/**
 * Property of constructs that may warn.
 * @argsInline
 */
export interface Acknowledging {
  /**
   * Ids of warnings that are not told again, because what they speak of is meant, such as `['mutual-tls/machine-without-sidecar']`.
   * @default []
   * @argsPlain
   */
  readonly acknowledge?: readonly string[];
}
