import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { emit } from '../core/emit';
import { Problems } from '../core/problems';
import { Environment } from '../machines/private/environment';
import type { Mesh } from '../mesh/mesh';
import type { JwtKeys } from './jwt-keys';
import type { JwtLocation } from './jwt-location';
import { requestAuthentication } from './manifests/request-authentication';
import { checkRequestAuthentication, resolveRequestAuthentication } from './private/request-authentication';
import type { WorkloadTarget } from './workload-target';

/** Properties of MeshVmGroup.authenticateRequests. */
export interface GroupRequestAuthenticationProps {
  /**
   * Name of the RequestAuthentication.
   * @default - the group's name
   */
  readonly name?: string;

  /** Who issues the tokens, letter by letter as in their claim `iss`. */
  readonly issuer: string;

  /**
   * The keys of the issuer.
   * @default JwtKeys.discovered()
   */
  readonly keys?: JwtKeys;

  /**
   * For whom a token may be: its claim `aud` must have one of these.
   * @default - anybody
   */
  readonly audiences?: readonly string[];

  /**
   * Where requests carry the token.
   * @default - header `Authorization` after `Bearer `, or query parameter `access_token`
   */
  readonly locations?: readonly JwtLocation[];

  /**
   * Whether the application gets the token too.
   * @default false
   */
  readonly forwardOriginalToken?: boolean;

  /**
   * Header in which the application gets the payload of the token, base64url-encoded.
   * @default - none
   */
  readonly outputPayloadToHeader?: string;

  /**
   * Headers in which the application gets claims: a claim for each header.
   * @default {}
   */
  readonly outputClaimToHeaders?: Readonly<Record<string, string>>;
}

/** Properties of RequestAuthentication. */
export interface RequestAuthenticationProps extends GroupRequestAuthenticationProps {
  /** The mesh whose proxies verify the tokens. */
  readonly mesh: Mesh;

  /** Whose callers the tokens come from. */
  readonly target: WorkloadTarget;

  /**
   * Name of the RequestAuthentication.
   * @default - id of the construct
   */
  readonly name?: string;
}

/**
 * Tokens of one issuer (JSON Web Tokens) that the sidecar verifies: a RequestAuthentication. A request with a bad token is refused with
 * status 401, or 403 when the token is for another audience. A request without a token passes: to demand one, allow calls with `jwt` alone. Several of them for the same workloads add up.
 *
 * @example
 * const tokens = new RequestAuthentication(chart, 'tokens', {
 *   mesh,
 *   target: WorkloadTarget.group(group),
 *   issuer: 'https://login.example.com',
 * });
 * group.allowFrom(Caller.namespace('shop'), { jwt: { authentication: tokens } });
 */
export class RequestAuthentication extends Construct {
  /** Name of the RequestAuthentication. */
  public readonly policyName: string;
  /** Namespace of the RequestAuthentication: for the whole mesh that of the control plane. */
  public readonly namespace: string;
  /** Labels of the workloads, or undefined for all of them. */
  public readonly matchLabels: Readonly<Record<string, string>> | undefined;
  /** Whether it holds in the whole mesh. */
  public readonly meshWide: boolean;
  /** Who issues the tokens. */
  public readonly issuer: string;

  /** @throws ValidationError with every problem of the properties. */
  public constructor(scope: Construct, id: string, props: RequestAuthenticationProps) {
    super(scope, id);
    const policy = resolveRequestAuthentication(props, id, Chart.of(this).namespace ?? '');
    const problems = new Problems();
    checkRequestAuthentication(problems, Environment.of(this), props, policy);
    problems.throwIfAny(this.node.path);

    this.policyName = policy.name;
    this.namespace = policy.namespace;
    this.matchLabels = policy.matchLabels;
    this.meshWide = props.target.meshWide;
    this.issuer = props.issuer;

    emit(this, 'Resource', requestAuthentication(policy));
  }
}
