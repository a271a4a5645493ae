import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { emit } from '../core/emit';
import { Problems } from '../core/problems';
import { Environment } from '../machines/private/environment';
import type { Mesh } from '../mesh/mesh';
import type { AuthorizationAction } from './authorization-action';
import type { Caller } from './caller';
import { authorizationPolicy } from './manifests/authorization-policy';
import { checkAuthorizationPolicy, resolveAuthorizationPolicy } from './private/authorization-policy';
import type { RequestAuthentication } from './request-authentication';
import type { WorkloadTarget } from './workload-target';

/** A token that a request must carry. */
export interface JwtRequirement {
  /** What verifies the tokens, at the same workloads. The token is one of its issuer. */
  readonly authentication: RequestAuthentication;

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

/** Properties of MeshVmGroup.allowFrom. */
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

/**
 * Who may call workloads: an AuthorizationPolicy. Policies add up: a call is refused when a DENY policy matches; else it is let in when
 * the workload has no ALLOW policy, or one matches. So the first ALLOW policy of a workload refuses everybody else.
 *
 * A caller that is told by its certificate must speak mutual TLS. Plain text has no identity: an ALLOW rule for a caller never lets it
 * in, whatever PeerAuthentication says, but a DENY rule for a caller does not stop it: require mutual TLS beside it. Where mutual TLS is
 * switched off (MutualTlsMode.DISABLE) nobody has an identity.
 *
 * HTTP calls are refused with status 403, others by the end of the connection. The sidecar enforces the policy, and only while it runs:
 * see MutualTls. Its own probe of the application does not pass through it, nor do 15020, 15021 and 15090, its ports for health and metrics.
 *
 * @example
 * new AuthorizationPolicy(chart, 'read-only', {
 *   mesh,
 *   target: WorkloadTarget.group(group),
 *   rules: [{ from: [Caller.namespace('reports')], methods: ['GET', 'HEAD'] }],
 * });
 */
export class AuthorizationPolicy extends Construct {
  /** Name of the AuthorizationPolicy. */
  public readonly policyName: string;
  /** Namespace of the AuthorizationPolicy: for the whole mesh that of the control plane. */
  public readonly namespace: string;

  /** @throws ValidationError with every problem of the properties. */
  public constructor(scope: Construct, id: string, props: AuthorizationPolicyProps) {
    super(scope, id);
    const policy = resolveAuthorizationPolicy(props, id, Chart.of(this).namespace ?? '');
    const problems = new Problems();
    checkAuthorizationPolicy(problems, Environment.of(this), props, policy);
    problems.throwIfAny(this.node.path);

    this.policyName = policy.name;
    this.namespace = policy.namespace;

    emit(this, 'Resource', authorizationPolicy(policy));
  }
}
