/** Where a request carries a token. */
export class JwtLocation {
  /**
   * A header.
   *
   * @param name Name of the header.
   * @param prefix What stands before the token, such as `Bearer `; by default nothing.
   */
  public static header(name: string, prefix?: string): JwtLocation {
    return new JwtLocation(name, prefix, undefined, undefined);
  }

  /**
   * A parameter of the query.
   *
   * @param name Name of the parameter.
   */
  public static queryParameter(name: string): JwtLocation {
    return new JwtLocation(undefined, undefined, name, undefined);
  }

  /**
   * A cookie.
   *
   * @param name Name of the cookie.
   */
  public static cookie(name: string): JwtLocation {
    return new JwtLocation(undefined, undefined, undefined, name);
  }

  private constructor(
    /** Name of the header, or undefined. */
    public readonly headerName: string | undefined,
    /** What stands before the token in the header, or undefined. */
    public readonly headerPrefix: string | undefined,
    /** Name of the parameter, or undefined. */
    public readonly parameterName: string | undefined,
    /** Name of the cookie, or undefined. */
    public readonly cookieName: string | undefined,
  ) {}
}
