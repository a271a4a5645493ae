/** A header that carries a token. */
export interface JwtHeader {
  /** Name of the header. */
  readonly name: string;

  /**
   * What stands before the token, such as `Bearer `.
   * @default - nothing
   */
  readonly prefix?: string;
}

/** Where a request carries a token. */
export class JwtLocation {
  /**
   * A header.
   *
   * @param name Name of the header.
   * @param prefix What stands before the token, such as `Bearer `; by default nothing.
   */
  public static header(name: string, prefix?: string): JwtLocation {
    return new JwtLocation({ header: { name, prefix } });
  }

  /**
   * A parameter of the query.
   *
   * @param name Name of the parameter.
   */
  public static queryParameter(name: string): JwtLocation {
    return new JwtLocation({ queryParameter: name });
  }

  /**
   * A cookie.
   *
   * @param name Name of the cookie.
   */
  public static cookie(name: string): JwtLocation {
    return new JwtLocation({ cookie: name });
  }

  /** {@link JwtLocation.header} */
  declare public readonly header?: JwtHeader;
  /**
   * {@link JwtLocation.queryParameter}
   * @argsDoc A parameter of the query, by its name.
   */
  declare public readonly queryParameter?: string;
  /**
   * {@link JwtLocation.cookie}
   * @argsDoc A cookie, by its name.
   */
  declare public readonly cookie?: string;

  private constructor(choice: JwtLocation) {
    Object.assign(this, choice);
  }
}
