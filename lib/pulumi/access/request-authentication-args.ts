import type * as pulumi from '@pulumi/pulumi';
import type { MeshArgs } from '../mesh/mesh-args';
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
