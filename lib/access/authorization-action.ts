/** What happens to calls that a rule is about. */
export enum AuthorizationAction {
  /** They are let in. All other calls to the workloads are refused, unless another policy lets them in. */
  ALLOW = 'ALLOW',
  /** They are refused, whatever other policies let in. */
  DENY = 'DENY',
}
