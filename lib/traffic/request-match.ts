/** Which HTTP requests a route is for. */
export class RequestMatch {
  /**
   * Requests with a header of this value.
   *
   * @param name Name of the header, such as `x-canary`.
   * @param value The whole value.
   */
  public static header(name: string, value: string): RequestMatch {
    return new RequestMatch({ header: { name, value } });
  }

  /**
   * Requests with a header whose value starts so.
   *
   * @param name Name of the header, such as `user-agent`.
   * @param prefix Start of the value.
   */
  public static headerPrefix(name: string, prefix: string): RequestMatch {
    return new RequestMatch({ headerPrefix: { name, prefix } });
  }

  /**
   * Requests with this header, whatever its value.
   *
   * @param name Name of the header.
   */
  public static headerPresent(name: string): RequestMatch {
    return new RequestMatch({ headerPresent: name });
  }

  /**
   * Requests with a cookie of this value, among whatever other cookies.
   *
   * @param name Name of the cookie.
   * @param value The whole value.
   */
  public static cookie(name: string, value: string): RequestMatch {
    return new RequestMatch({ cookie: { name, value } });
  }

  /** {@link RequestMatch.header} */
  declare public readonly header?: HeaderValue;
  /** {@link RequestMatch.headerPrefix} */
  declare public readonly headerPrefix?: HeaderPrefix;
  /**
   * {@link RequestMatch.headerPresent}
   * @argsPlain
   */
  declare public readonly headerPresent?: string;
  /** {@link RequestMatch.cookie} */
  declare public readonly cookie?: CookieValue;

  private constructor(choice: RequestMatch) {
    Object.assign(this, choice);
  }
}

/** A header and its value. */
export interface HeaderValue {
  /**
   * Name of the header, such as `x-canary`.
   * @argsPlain
   */
  readonly name: string;

  /** The whole value. */
  readonly value: string;
}

/** A header and the start of its value. */
export interface HeaderPrefix {
  /**
   * Name of the header, such as `user-agent`.
   * @argsPlain
   */
  readonly name: string;

  /** Start of the value. */
  readonly prefix: string;
}

/** A cookie and its value. */
export interface CookieValue {
  /** Name of the cookie. */
  readonly name: string;

  /** The whole value. */
  readonly value: string;
}
