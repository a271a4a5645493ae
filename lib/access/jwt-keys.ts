/** Where the keys come from with which an issuer signs its tokens. */
export class JwtKeys {
  /**
   * From the issuer, by OpenID Connect Discovery: its name is an address under which there is `/.well-known/openid-configuration`. istiod
   * fetches them, and again from time to time; machines need not reach the issuer.
   */
  public static discovered(): JwtKeys {
    return new JwtKeys({ discovered: true });
  }

  /**
   * From an address of a JSON Web Key Set. istiod fetches them, and again from time to time; machines need not reach it.
   *
   * @param uri Such as `https://login.example.com/keys`.
   */
  public static fromUri(uri: string): JwtKeys {
    return new JwtKeys({ uri });
  }

  /**
   * These keys. When the issuer changes them, the program must.
   *
   * @param jwks A JSON Web Key Set: public keys alone.
   */
  public static inline(jwks: string): JwtKeys {
    return new JwtKeys({ inline: jwks });
  }

  /**
   * {@link JwtKeys.discovered}
   * @argsDoc From the issuer, by OpenID Connect Discovery. istiod fetches them; machines need not reach the issuer.
   */
  declare public readonly discovered?: true;
  /**
   * {@link JwtKeys.fromUri}
   * @argsDoc Address of a JSON Web Key Set, such as `https://login.example.com/keys`. istiod fetches it; machines need not reach it.
   */
  declare public readonly uri?: string;
  /**
   * {@link JwtKeys.inline}
   * @argsDoc A JSON Web Key Set: public keys alone. When the issuer changes them, the program must.
   */
  declare public readonly inline?: string;

  private constructor(choice: JwtKeys) {
    Object.assign(this, choice);
  }
}
