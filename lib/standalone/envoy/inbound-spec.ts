import type { ServiceProtocol } from '../../mesh/service-protocol';
import type { HealthCheckSpec, LimitsSpec, ListenAddress } from './spec';

/** What a machine takes from the mesh, every default filled in. */
export interface InboundSpec {
  /** IP address that all its listeners for callers have. */
  readonly listenAddress: string;
  readonly ports: readonly InboundPortSpec[];
  /** Load balancer that ends the callers' TLS; undefined where mutual TLS of the mesh goes through. */
  readonly httpsLoadBalancer: HttpsLoadBalancerSpec | undefined;
  readonly health: HealthEndpointSpec | undefined;
}

/** A port on which callers reach one application. */
export interface InboundPortSpec {
  readonly listenPort: number;
  readonly application: ListenAddress;
  readonly protocol: ServiceProtocol;
  /** Callers by the URI of their certificates. */
  readonly callers: readonly IdentityMatch[];
  readonly connectTimeoutSeconds: number;
  readonly timeoutSeconds: number;
  readonly idleTimeoutSeconds: number;
  /** Connections of callers; the other limits are on what is under way to the application. */
  readonly limits: LimitsSpec;
  readonly healthCheck: HealthCheckSpec | undefined;
}

/** URIs of certificates: one alone, or all that a regular expression matches from beginning to end. */
export interface IdentityMatch {
  readonly exact?: string;
  readonly pattern?: string;
}

/** A load balancer whose connections are taken without a certificate. */
export interface HttpsLoadBalancerSpec {
  /** Address ranges that its connections come from. */
  readonly cidrs: readonly string[];
  /** Whether it speaks TLS to the machine. */
  readonly tls: boolean;
  readonly tokens: TokensSpec | undefined;
}

/** Tokens that each request must carry. */
export interface TokensSpec {
  readonly issuer: string;
  readonly audiences: readonly string[];
  /** A JSON Web Key Set. */
  readonly jwks: string;
}

/** Where load balancers ask whether the machine shall get traffic. */
export interface HealthEndpointSpec {
  readonly port: number;
  readonly path: string;
}
