import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { emit } from '../core/emit';
import { Problems } from '../core/problems';
import { Registry } from '../core/registry';
import { requestAuthentication } from './manifests/request-authentication';
import { checkRequestAuthentication, resolveRequestAuthentication } from './private/request-authentication';
import type { RequestAuthenticationProps } from './request-authentication-props';

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
 * @throws ValidationError with every problem of the properties.
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

  public constructor(scope: Construct, id: string, props: RequestAuthenticationProps) {
    super(scope, id);
    const policy = resolveRequestAuthentication(props, id, Chart.of(this).namespace ?? '');
    const problems = new Problems();
    checkRequestAuthentication(problems, Registry.ofProgram(this), props, policy);
    problems.throwIfAny(this.node.path);

    this.policyName = policy.name;
    this.namespace = policy.namespace;
    this.matchLabels = policy.matchLabels;
    this.meshWide = props.target.meshWide;
    this.issuer = props.issuer;

    emit(this, 'Resource', requestAuthentication(policy));
  }
}
