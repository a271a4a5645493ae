/** Where the keys come from with which an issuer signs its tokens. */
export class JwtKeys {
  /**
   * From the issuer, by OpenID Connect Discovery: its name is an address under which there is `/.well-known/openid-configuration`. istiod
   * fetches them, and again from time to time; machines need not reach the issuer.
   */
  public static discovered(): JwtKeys {
    return new JwtKeys(undefined, undefined);
  }

  /**
   * From an address of a JSON Web Key Set. istiod fetches them, and again from time to time; machines need not reach it.
   *
   * @param uri Such as `https://login.example.com/keys`.
   */
  public static fromUri(uri: string): JwtKeys {
    return new JwtKeys(uri, undefined);
  }

  /**
   * These keys. When the issuer changes them, the program must.
   *
   * @param jwks A JSON Web Key Set: public keys alone.
   */
  public static inline(jwks: string): JwtKeys {
    return new JwtKeys(undefined, jwks);
  }

  private constructor(
    /** Address of the keys, or undefined. */
    public readonly uri: string | undefined,
    /** The keys themselves, or undefined. */
    public readonly jwks: string | undefined,
  ) {}
}
