import * as pulumi from '@pulumi/pulumi';
import { registerObjects } from '../core/private/children';
import type { MeshArgs } from '../mesh/mesh-args';
import { rememberAuthentication } from './private/authentications';
import { planRequestAuthentication } from './private/request-authentication-plan';
import type { WorkloadTargetArgs } from './workload-target-args';

/** Where the keys come from with which an issuer signs its tokens. Exactly one property must be set. */
export interface JwtKeysArgs {
  /**
   * `true`: from the issuer, by OpenID Connect Discovery. istiod fetches them; machines need not reach the issuer.
   * @default - another property is set
   */
  readonly discovered?: boolean;

  /**
   * Address of a JSON Web Key Set, such as `https://login.example.com/keys`. istiod fetches it; machines need not reach it.
   * @default - another property is set
   */
  readonly uri?: pulumi.Input<string>;

  /**
   * A JSON Web Key Set: public keys alone. When the issuer changes them, the program must.
   * @default - another property is set
   */
  readonly inline?: pulumi.Input<string>;
}

/** Where a request carries a token. Exactly one property must be set. */
export interface JwtLocationArgs {
  /**
   * A header.
   * @default - another property is set
   */
  readonly header?: JwtHeaderArgs;

  /**
   * A parameter of the query, by its name.
   * @default - another property is set
   */
  readonly queryParameter?: pulumi.Input<string>;

  /**
   * A cookie, by its name.
   * @default - another property is set
   */
  readonly cookie?: pulumi.Input<string>;
}

/** A header that carries a token. */
export interface JwtHeaderArgs {
  /** Name of the header. */
  readonly name: pulumi.Input<string>;

  /**
   * What stands before the token, such as `Bearer `.
   * @default - nothing
   */
  readonly prefix?: pulumi.Input<string>;
}

/** Arguments of RequestAuthentication. */
export interface RequestAuthenticationArgs {
  /** The mesh whose proxies verify the tokens. */
  readonly mesh: MeshArgs;

  /** Whose callers the tokens come from. */
  readonly target: WorkloadTargetArgs;

  /**
   * Name of the RequestAuthentication.
   * @default - name of the component
   */
  readonly name?: pulumi.Input<string>;

  /** Who issues the tokens, letter by letter as in their claim `iss`. */
  readonly issuer: pulumi.Input<string>;

  /**
   * The keys of the issuer.
   * @default - discovered
   */
  readonly keys?: JwtKeysArgs;

  /**
   * For whom a token may be: its claim `aud` must have one of these.
   * @default - anybody
   */
  readonly audiences?: pulumi.Input<string>[];

  /**
   * Where requests carry the token.
   * @default - header `Authorization` after `Bearer `, or query parameter `access_token`
   */
  readonly locations?: JwtLocationArgs[];

  /**
   * Whether the application gets the token too.
   * @default false
   */
  readonly forwardOriginalToken?: boolean;

  /**
   * Header in which the application gets the payload of the token, base64url-encoded.
   * @default - none
   */
  readonly outputPayloadToHeader?: pulumi.Input<string>;

  /**
   * Headers in which the application gets claims: a claim for each header.
   * @default {}
   */
  readonly outputClaimToHeaders?: Record<string, pulumi.Input<string>>;
}

/**
 * Tokens of one issuer (JSON Web Tokens) that the sidecar verifies: a RequestAuthentication, that of the cdk8s construct of the same
 * name. A request with a bad token is refused with status 401, or 403 when the token is for another audience. A request without a token
 * passes: to demand one, let an AuthorizationPolicy allow calls with `jwt` alone. Several of them for the same workloads add up.
 */
export class RequestAuthentication extends pulumi.ComponentResource {
  /** Name of the RequestAuthentication. */
  public readonly policyName!: pulumi.Output<string>;
  /** Namespace of the RequestAuthentication: for the whole mesh that of the control plane. */
  public readonly namespace!: pulumi.Output<string>;
  /** Who issues the tokens. */
  public readonly issuer!: pulumi.Output<string>;

  /** @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered. */
  public constructor(name: string, args: RequestAuthenticationArgs, options?: pulumi.ComponentResourceOptions) {
    const { shape } = planRequestAuthentication(name, args);
    super('meshvm:index:RequestAuthentication', name, {}, options);
    rememberAuthentication(this, shape.reference);
    registerObjects(this, name, shape.objects, options);

    this.policyName = pulumi.output(shape.name);
    this.namespace = pulumi.output(shape.namespace);
    this.issuer = pulumi.output(shape.reference.issuer);
    this.registerOutputs({ policyName: this.policyName, namespace: this.namespace, issuer: this.issuer });
  }
}
