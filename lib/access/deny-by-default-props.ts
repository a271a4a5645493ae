import type { Mesh } from '../mesh/mesh';
import type { WorkloadTarget } from './workload-target';

/** Properties of DenyByDefault. */
export interface DenyByDefaultProps {
  /** The mesh whose proxies enforce the policy. */
  readonly mesh: Mesh;

  /** Whose callers the policy is about: not the whole mesh, whose gateways it would close to machines. */
  readonly target: WorkloadTarget;

  /**
   * Name of the AuthorizationPolicy.
   * @default - "deny-by-default"; for a group or machine its name before that, joined by "-"
   */
  readonly name?: string;
}
