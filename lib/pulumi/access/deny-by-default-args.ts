import type * as pulumi from '@pulumi/pulumi';
import type { MeshArgs } from '../mesh/mesh-args';
import type { WorkloadTargetArgs } from './workload-target-args';

/** Arguments of DenyByDefault. */
export interface DenyByDefaultArgs {
  /** The mesh whose proxies enforce the policy. */
  readonly mesh: MeshArgs;

  /** Whose callers the policy is about: not the whole mesh, whose gateways it would close to machines. */
  readonly target: WorkloadTargetArgs;

  /**
   * Name of the AuthorizationPolicy.
   * @default - "deny-by-default"; for a group or machine its name before that, joined by "-"
   */
  readonly name?: pulumi.Input<string>;
}
