/** Tokens that tell callers behind a load balancer that ends their TLS. */
export interface InboundTokens {
  /** Issuer, as it stands in the tokens (`iss`). */
  readonly issuer: string;

  /** Audiences of which a token must name one (`aud`). At least one: a token for somebody else is no permission. */
  readonly audiences: readonly string[];

  /** The issuer's public keys, a JSON Web Key Set. They stand in the configuration: when the issuer changes them, the program must. */
  readonly jwks: string;
}

/**
 * What is known of a load balancer that ends TLS.
 * @argsInline
 */
export interface HttpsLoadBalancerOptions {
  /**
   * Address ranges from which the load balancer connects to the machines: at least one. Nobody else is let in; whoever has an address among
   * them is, and can say of itself what it likes.
   */
  readonly sourceRanges: readonly string[];

  /**
   * DNS name in the load balancer's certificate: callers ask for it, and take no other.
   * @default - the DNS name of the load balancer
   */
  readonly certificateName?: string;

  /**
   * File of the certificate authorities that callers trust, on each caller: in the pod's sidecar.
   * @default - those of the caller's operating system
   */
  readonly caCertificates?: string;

  /**
   * Whether the load balancer speaks TLS to the machines too. They show their certificate of the mesh, which such load balancers don't look
   * at; without TLS the network between them reads along.
   * @default true
   */
  readonly tlsToMachine?: boolean;

  /**
   * Tokens (JWT) that each request must carry in its Authorization header; callers send them, sidecars don't by themselves.
   * @default - none: nothing but the network tells who calls
   */
  readonly tokens?: InboundTokens;
}

/** A load balancer that ends TLS. */
export interface HttpsLoadBalancer extends HttpsLoadBalancerOptions {
  /** DNS name of the load balancer. */
  readonly dnsName: string;
}
