/** Which HTTP requests a route is for. */
export class RequestMatch {
  /**
   * Requests with a header of this value.
   *
   * @param name Name of the header, such as `x-canary`.
   * @param value The whole value.
   */
  public static header(name: string, value: string): RequestMatch {
    return new RequestMatch(name, value, undefined, undefined);
  }

  /**
   * Requests with a header whose value starts so.
   *
   * @param name Name of the header, such as `user-agent`.
   * @param prefix Start of the value.
   */
  public static headerPrefix(name: string, prefix: string): RequestMatch {
    return new RequestMatch(name, undefined, prefix, undefined);
  }

  /**
   * Requests with this header, whatever its value.
   *
   * @param name Name of the header.
   */
  public static headerPresent(name: string): RequestMatch {
    return new RequestMatch(name, undefined, undefined, undefined);
  }

  /**
   * Requests with a cookie of this value, among whatever other cookies.
   *
   * @param name Name of the cookie.
   * @param value The whole value.
   */
  public static cookie(name: string, value: string): RequestMatch {
    return new RequestMatch('cookie', undefined, undefined, { name, value });
  }

  private constructor(
    /** Name of the header. */
    public readonly headerName: string,
    /** Its value, or undefined. */
    public readonly exact: string | undefined,
    /** Start of its value, or undefined. */
    public readonly prefix: string | undefined,
    /** A cookie in it, or undefined. */
    public readonly cookie: CookieValue | undefined,
  ) {}
}

/** A cookie and its value. */
export interface CookieValue {
  /** Name of the cookie. */
  readonly name: string;

  /** The whole value. */
  readonly value: string;
}
