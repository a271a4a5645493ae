import type * as pulumi from '@pulumi/pulumi';

/** How callers of the mesh reach machines without a control plane. Exactly one property must be set. */
export interface InboundExposureArgs {
  /**
   * At the machines' own addresses. Mutual TLS of the mesh goes from the caller's sidecar to the machine.
   * @default - another property is set
   */
  readonly direct?: DirectExposureArgs;

  /**
   * Behind a load balancer that passes TCP on as it is, such as AWS's NLB with a TCP listener. Mutual TLS of the mesh goes through it, from
   * the caller's sidecar to the machine, which knows its caller as if nothing stood between.
   * @default - another property is set
   */
  readonly loadBalancer?: PassingLoadBalancerArgs;

  /**
   * Behind a load balancer that ends TLS with a certificate of its own, such as AWS's ALB, and connects to the machines by itself. For HTTP
   * and gRPC.
   *
   * The mesh's identity of the caller ends there: no certificate of it reaches the machine. What tells callers is the load balancer's own
   * protection, the network (`sourceRanges`), and tokens if you give them. Where that is too little, use `loadBalancer`.
   * @default - another property is set
   */
  readonly httpsLoadBalancer?: HttpsLoadBalancerArgs;
}

/** Machines by their addresses. */
export interface DirectExposureArgs {
  /**
   * IP addresses, or DNS names that callers' sidecars resolve; of machines that are all alike. At least one. One that is known only at
   * deployment must be an IP address.
   */
  readonly addresses: pulumi.Input<string>[];
}

/** A load balancer that passes TCP on. */
export interface PassingLoadBalancerArgs {
  /** DNS name of the load balancer, or its IP address. One that is known only at deployment must be a name. */
  readonly dnsName: pulumi.Input<string>;
}

/** What is known of a load balancer that ends TLS. */
export interface HttpsLoadBalancerArgs {
  /** DNS name of the load balancer. */
  readonly dnsName: pulumi.Input<string>;

  /**
   * Address ranges from which the load balancer connects to the machines: at least one. Nobody else is let in; whoever has an address among
   * them is, and can say of itself what it likes.
   */
  readonly sourceRanges: pulumi.Input<string>[];

  /**
   * DNS name in the load balancer's certificate: callers ask for it, and take no other.
   * @default - the DNS name of the load balancer
   */
  readonly certificateName?: pulumi.Input<string>;

  /**
   * File of the certificate authorities that callers trust, on each caller: in the pod's sidecar.
   * @default - those of the caller's operating system
   */
  readonly caCertificates?: pulumi.Input<string>;

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
  readonly tokens?: InboundTokensArgs;
}

/** Tokens that tell callers behind a load balancer that ends their TLS. */
export interface InboundTokensArgs {
  /** Issuer, as it stands in the tokens (`iss`). */
  readonly issuer: pulumi.Input<string>;

  /** Audiences of which a token must name one (`aud`). At least one: a token for somebody else is no permission. */
  readonly audiences: pulumi.Input<string>[];

  /** The issuer's public keys, a JSON Web Key Set. They stand in the configuration: when the issuer changes them, the program must. */
  readonly jwks: pulumi.Input<string>;
}
