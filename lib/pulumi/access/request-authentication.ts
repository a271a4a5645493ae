import * as pulumi from '@pulumi/pulumi';
import { planRequestAuthentication } from '../../access/private/request-authentication';
import shapes from '../../access/shapes.json';
import { registerObjects } from '../core/register-objects';
import { planComponent } from '../machines/component-plan';
import { rememberAuthentication } from './private/authentications';
import type { RequestAuthenticationArgs } from './request-authentication-args';

/**
 * Tokens of one issuer (JSON Web Tokens) that the sidecar verifies: a RequestAuthentication, that of the cdk8s construct of the same
 * name. A request with a bad token is refused with status 401, or 403 when the token is for another audience. A request without a token
 * passes: to demand one, let an AuthorizationPolicy allow calls with `jwt` alone. Several of them for the same workloads add up.
 *
 * @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered.
 */
export class RequestAuthentication extends pulumi.ComponentResource {
  /** Name of the RequestAuthentication. */
  public readonly policyName!: pulumi.Output<string>;
  /** Namespace of the RequestAuthentication: for the whole mesh that of the control plane. */
  public readonly namespace!: pulumi.Output<string>;
  /** Who issues the tokens. */
  public readonly issuer!: pulumi.Output<string>;

  public constructor(name: string, args: RequestAuthenticationArgs, options?: pulumi.ComponentResourceOptions) {
    const planned = planComponent(name, args, {
      component: 'RequestAuthentication',
      shapes,
      plan: planRequestAuthentication,
    });
    const { shape } = planned;
    super('meshvm:index:RequestAuthentication', name, {}, options);
    rememberAuthentication(this, name, shape);
    registerObjects(this, name, planned, options, args.mesh);

    this.policyName = pulumi.output(shape.name);
    this.namespace = pulumi.output(shape.namespace);
    this.issuer = pulumi.output(shape.issuer);
    this.registerOutputs({ policyName: this.policyName, namespace: this.namespace, issuer: this.issuer });
  }
}
