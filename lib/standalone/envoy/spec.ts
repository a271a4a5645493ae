import type { ServiceProtocol } from '../../mesh/service-protocol';
import type { RetriesSpec } from '../../traffic/resolve-retries';
import type { InboundLimits } from '../inbound-calls';
import type { ServiceLimits } from '../standalone-service';

/** An Envoy without a control plane as the builders see it, every default filled in. */
export interface EnvoySpec {
  readonly name: string;
  /** The SPIFFE ID in its certificate. */
  readonly identity: string;
  readonly gateways: readonly GatewaySpec[];
  readonly failover: FailoverSpec;
  readonly services: readonly ServiceSpec[];
  /** The listener of all HTTP services without a port of their own. */
  readonly httpListener: ListenAddress;
  /** Clients of shared proxies; undefined where only the machine's own clients reach the listeners. */
  readonly clients: ClientsSpec | undefined;
  readonly tls: TlsFiles;
  /** Port of 127.0.0.1 for what anybody on the machine may read of the admin interface. */
  readonly adminPort: number;
  /** Path of the admin interface itself. */
  readonly adminSocket: string;
  readonly metrics: ListenAddress | undefined;
  readonly accessLogPath: string | undefined;
  readonly dns: DnsSpec | undefined;
  readonly writesHosts: boolean;
  /** What the machine takes from the mesh, or undefined. */
  readonly inbound: InboundSpec | undefined;
  /** Folder of the configuration. */
  readonly directory: string;
}

/** An IP address and a port on the machine. */
export interface ListenAddress {
  readonly address: string;
  readonly port: number;
}

/** A gateway that passes mutual TLS on by its server name. */
export interface GatewaySpec {
  readonly address: string;
  readonly port: number;
  readonly locality: string | undefined;
  readonly priority: number;
  readonly weight: number;
}

/** When a gateway is left out. */
export interface FailoverSpec {
  readonly consecutiveFailures: number;
  readonly intervalSeconds: number;
  readonly baseEjectionSeconds: number;
}

/** A service behind the gateways. */
export interface ServiceSpec {
  readonly host: string;
  readonly port: number;
  readonly subset: string;
  readonly protocol: ServiceProtocol;
  /** SPIFFE IDs of who may answer. */
  readonly identities: readonly string[];
  /** Its own listener, or undefined for that of all services. */
  readonly listen: ListenAddress | undefined;
  readonly connectTimeoutSeconds: number;
  readonly timeoutSeconds: number;
  readonly retries: RetriesSpec;
  readonly limits: LimitsSpec;
  readonly healthCheck: HealthCheckSpec | undefined;
  /** JSON over HTTP beside gRPC, or undefined. */
  readonly transcoding: TranscodingSpec | undefined;
}

/** Envoy's circuit breakers. */
export type LimitsSpec = Required<ServiceLimits>;

/** What a service is asked. */
export interface HealthCheckSpec {
  readonly kind: 'http' | 'grpc' | 'connect';
  readonly path: string | undefined;
  readonly service: string | undefined;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly unhealthyThreshold: number;
  readonly healthyThreshold: number;
}

/** Who may use shared proxies: by their addresses, or by their certificates. */
export interface ClientsSpec {
  readonly cidrs: readonly string[] | undefined;
  readonly certificates: ClientCertificatesSpec | undefined;
}

/** Names in the certificates of clients, and files of the TLS with them. */
export interface ClientCertificatesSpec {
  readonly identities: readonly string[];
  readonly dnsNames: readonly string[];
  readonly certificateChain: string;
  readonly privateKey: string;
  readonly clientRoots: string;
}

/** Files of the certificate, in one folder that Envoy watches. */
export interface TlsFiles {
  readonly directory: string;
  readonly certificateChain: string;
  readonly privateKey: string;
  readonly rootCertificates: string;
}

/** Envoy's DNS server. */
export interface DnsSpec {
  readonly address: string;
  readonly port: number;
  readonly upstreams: readonly string[];
}

/** How a gRPC service is called with JSON over HTTP, every default filled in. */
export interface TranscodingSpec {
  /** A FileDescriptorSet in base64. */
  readonly descriptor: string;
  /** Full names of gRPC services. */
  readonly services: readonly string[];
  readonly autoMapping: boolean;
  readonly passUnmapped: boolean;
  readonly ignoreUnknownQueryParameters: boolean;
  readonly maxRequestBodyBytes: number;
  readonly maxResponseBodyBytes: number;
  readonly print: PrintSpec;
}

/** What the JSON looks like. */
export interface PrintSpec {
  readonly whitespace: boolean;
  readonly defaults: boolean;
  readonly enumsAsNumbers: boolean;
  readonly protoFieldNames: boolean;
  readonly newlineDelimitedStreams: boolean;
}

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
  readonly limits: Required<InboundLimits>;
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
