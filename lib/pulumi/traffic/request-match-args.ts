import type * as pulumi from '@pulumi/pulumi';

/** Which HTTP requests a route is for. Exactly one property must be set. */
export interface RequestMatchArgs {
  /**
   * Requests with a header of this value.
   * @default - another property is set
   */
  readonly header?: HeaderValueArgs;

  /**
   * Requests with a header whose value starts so.
   * @default - another property is set
   */
  readonly headerPrefix?: HeaderPrefixArgs;

  /**
   * Requests with this header, whatever its value.
   * @default - another property is set
   */
  readonly headerPresent?: string;

  /**
   * Requests with a cookie of this value, among whatever other cookies.
   * @default - another property is set
   */
  readonly cookie?: CookieValueArgs;
}

/** A header and its value. */
export interface HeaderValueArgs {
  /** Name of the header, such as `x-canary`. */
  readonly name: string;

  /** The whole value. */
  readonly value: pulumi.Input<string>;
}

/** A header and the start of its value. */
export interface HeaderPrefixArgs {
  /** Name of the header, such as `user-agent`. */
  readonly name: string;

  /** Start of the value. */
  readonly prefix: pulumi.Input<string>;
}

/** A cookie and its value. */
export interface CookieValueArgs {
  /** Name of the cookie. */
  readonly name: pulumi.Input<string>;

  /** The whole value. */
  readonly value: pulumi.Input<string>;
}
