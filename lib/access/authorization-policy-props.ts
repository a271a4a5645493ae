import type { Mesh } from '../mesh/mesh';
import type { AuthorizationAction } from './authorization-action';
import type { Caller } from './caller';
import type { IRequestAuthentication } from './request-authentication-props';
import type { WorkloadTarget } from './workload-target';

/** A token that a request must carry. */
export interface JwtRequirement {
  /**
   * What verifies the tokens, at the same workloads. The token is one of its issuer.
   * @argsDoc What verifies the tokens, at the same workloads: a RequestAuthentication, or its outputs by their names. The token is one of its issuer.
   */
  readonly authentication: IRequestAuthentication;

  /**
   * Subjects (claim `sub`); one that ends in "*" is a prefix.
   * @default - any, but the token must have one
   */
  readonly subjects?: readonly string[];

  /**
   * Values of which the claim `aud` has one.
   * @default - any that `authentication` takes
   */
  readonly audiences?: readonly string[];

  /**
   * Other claims: for each the values of which it has one. A value may start or end in "*". Only claims whose value is a string or a
   * list of strings match.
   * @default {}
   */
  readonly claims?: Readonly<Record<string, readonly string[]>>;
}

/** Which calls a rule is about: those that match everything that it says. */
export interface AuthorizationRule {
  /**
   * Who calls: one of these.
   * @default - anybody
   */
  readonly from?: readonly Caller[];

  /**
   * The token that the request carries. HTTP alone.
   * @default - any, or none
   */
  readonly jwt?: JwtRequirement;

  /**
   * Methods of the request, such as `GET`; `POST` for all of gRPC. HTTP alone.
   * @default - any
   */
  readonly methods?: readonly string[];

  /**
   * Paths of the request without its query: the whole path, a prefix (`/api/*`), a suffix (`*.json`), or a template in which `{*}` is one
   * segment and one `{**}` after them any number (`/accounts/{*}/statements`). For gRPC `/<package>.<Service>/<Method>`. HTTP alone.
   * @default - any
   */
  readonly paths?: readonly string[];

  /**
   * Ports on which the application on the machines listens: not ports of a Service.
   * @default - any
   */
  readonly ports?: readonly number[];
}

/**
 * Properties of MeshVmGroup.allowFrom.
 * @argsOmit
 */
export interface AllowFromProps {
  /**
   * Name of the AuthorizationPolicy.
   * @default - name of the group, "-from-", and the caller
   */
  readonly name?: string;

  /**
   * The token that the request carries. HTTP alone.
   * @default - any, or none
   */
  readonly jwt?: JwtRequirement;

  /**
   * Methods of the request: see AuthorizationRule. HTTP alone.
   * @default - any
   */
  readonly methods?: readonly string[];

  /**
   * Paths of the request: see AuthorizationRule. HTTP alone.
   * @default - any
   */
  readonly paths?: readonly string[];

  /**
   * Ports of the group.
   * @default - any
   */
  readonly ports?: readonly number[];
}

/** Properties of AuthorizationPolicy. */
export interface AuthorizationPolicyProps {
  /** The mesh whose proxies enforce the policy. Callers have identities of its trust domain. */
  readonly mesh: Mesh;

  /** Whose callers the policy is about. */
  readonly target: WorkloadTarget;

  /** Calls that the policy is about. A call needs to match one rule. For none see DenyByDefault. */
  readonly rules: readonly AuthorizationRule[];

  /**
   * Name of the AuthorizationPolicy.
   * @default - id of the construct
   * @argsDefault - name of the component
   */
  readonly name?: string;

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
