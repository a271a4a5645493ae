import { Construct } from 'constructs';
import { emitAll } from '../core/emit';
import { placeOf } from '../core/place';
import { readSpec } from '../core/spec/spec';
import { planRequestAuthentication } from './private/request-authentication';
import type { IRequestAuthentication, RequestAuthenticationProps } from './request-authentication-props';
import shapes from './shapes.json';

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
export class RequestAuthentication extends Construct implements IRequestAuthentication {
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
    const spec = readSpec(this.node.path, props, shapes, 'RequestAuthenticationProps');
    const planned = planRequestAuthentication(spec, placeOf(this));

    this.policyName = planned.name;
    this.namespace = planned.namespace;
    this.matchLabels = planned.matchLabels;
    this.meshWide = planned.meshWide;
    this.issuer = planned.issuer;

    emitAll(this, planned.objects);
  }
}
