import type * as pulumi from '@pulumi/pulumi';
import type { AuthorizationAction } from '../../access/authorization-action';
import type { MeshArgs } from '../mesh/mesh-args';
import type { CallerArgs } from './caller-args';
import type { WorkloadTargetArgs } from './workload-target-args';

export { AuthorizationAction } from '../../access/authorization-action';

/** Which calls a rule is about: those that match everything that it says. */
export interface AuthorizationRuleArgs {
  /**
   * Who calls: one of these.
   * @default - anybody
   */
  readonly from?: CallerArgs[];

  /**
   * The token that the request carries. HTTP alone.
   * @default - any, or none
   */
  readonly jwt?: JwtRequirementArgs;

  /**
   * Methods of the request, such as `GET`; `POST` for all of gRPC. HTTP alone.
   * @default - any
   */
  readonly methods?: pulumi.Input<string>[];

  /**
   * Paths of the request without its query: the whole path, a prefix (`/api/*`), a suffix (`*.json`), or a template in which `{*}` is one
   * segment and one `{**}` after them any number (`/accounts/{*}/statements`). For gRPC `/<package>.<Service>/<Method>`. HTTP alone.
   * @default - any
   */
  readonly paths?: pulumi.Input<string>[];

  /**
   * Ports on which the application on the machines listens: not ports of a Service.
   * @default - any
   */
  readonly ports?: number[];
}

/** A token that a request must carry. */
export interface JwtRequirementArgs {
  /** What verifies the tokens, at the same workloads: a RequestAuthentication, or its outputs by their names. The token is one of its issuer. */
  readonly authentication: RequestAuthenticationReferenceArgs;

  /**
   * Subjects (claim `sub`); one that ends in "*" is a prefix.
   * @default - any, but the token must have one
   */
  readonly subjects?: pulumi.Input<string>[];

  /**
   * Values of which the claim `aud` has one.
   * @default - any that `authentication` takes
   */
  readonly audiences?: pulumi.Input<string>[];

  /**
   * Other claims: for each the values of which it has one. A value may start or end in "*". Only claims whose value is a string or a
   * list of strings match.
   * @default {}
   */
  readonly claims?: Record<string, pulumi.Input<string>[]>;
}

/**
 * A RequestAuthentication, as a rule needs to know it. Of one by its outputs nobody knows for which workloads it verifies tokens, and so
 * that is not looked at.
 */
export interface RequestAuthenticationReferenceArgs {
  /** Who issues the tokens. */
  readonly issuer: pulumi.Input<string>;
}

/** Arguments of AuthorizationPolicy. */
export interface AuthorizationPolicyArgs {
  /** The mesh whose proxies enforce the policy. Callers have identities of its trust domain. */
  readonly mesh: MeshArgs;

  /** Whose callers the policy is about. */
  readonly target: WorkloadTargetArgs;

  /** Calls that the policy is about. A call needs to match one rule. For none see DenyByDefault. */
  readonly rules: AuthorizationRuleArgs[];

  /**
   * Name of the AuthorizationPolicy.
   * @default - name of the component
   */
  readonly name?: pulumi.Input<string>;

  /**
   * What happens to the calls.
   * @default AuthorizationAction.ALLOW
   */
  readonly action?: AuthorizationAction;

  /**
   * Whether proxies let everything pass, and only count and log what they would have done.
   * @default false
   */
  readonly dryRun?: boolean;
}
