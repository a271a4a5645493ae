import type * as pulumi from '@pulumi/pulumi';
import type { LocalityArgs } from '../mesh/locality-args';
import type { MeshArgs } from '../mesh/mesh-args';
import type { CertificateProgramArgs, EnvoyCertificatesArgs } from './envoy-certificates-args';
import type { InboundCallsArgs } from './inbound-calls-args';
import type { StandaloneComposeArgs } from './standalone-compose-args';
import type { StandaloneServiceArgs } from './standalone-service-args';
import type { StandaloneUserDataArgs } from './standalone-user-data-args';

/** Arguments of StandaloneEnvoy. */
export interface StandaloneEnvoyArgs extends EnvoyArgs {
  /**
   * How what fetches the certificate runs on the machine, for the output `certificateFiles`.
   * @default - see each property of CertificateProgramArgs
   */
  readonly certificateProgram?: CertificateProgramArgs;

  /**
   * What the mesh may call on the machine.
   * @default - nothing: the machine takes no calls
   */
  readonly inbound?: InboundCallsArgs;

  /**
   * How clients on the machine find the services.
   * @default - a hosts block
   */
  readonly nameResolution?: NameResolutionArgs;

  /**
   * What a machine with cloud-init and systemd that runs this Envoy is told at its first boot, for the output `userData`.
   * @default - nothing: the machine gets the files by other means
   */
  readonly userData?: StandaloneUserDataArgs;

  /**
   * A Compose file that puts this Envoy beside a service of yours, for the output `composeFile`.
   * @default - none
   */
  readonly compose?: StandaloneComposeArgs;
}

/** What all Envoys without a control plane have in common: who they are, what they call, and how. */
export interface EnvoyArgs {
  /** The mesh whose services are called. */
  readonly mesh: MeshArgs;

  /** Namespace of the machine's identity. */
  readonly namespace: pulumi.Input<string>;

  /**
   * Whether the component creates the namespace.
   * @default true
   */
  readonly createNamespace?: boolean;

  /**
   * Whether a namespace that the component creates makes the mesh inject sidecars into its pods.
   * @default true
   */
  readonly injectPods?: boolean;

  /**
   * ServiceAccount that stands for the machine in the mesh: with its namespace it is the SPIFFE ID in the certificate.
   * @default - the name of the machine
   */
  readonly serviceAccount?: pulumi.Input<string>;

  /**
   * Whether the component creates the ServiceAccount, without a token mounted anywhere.
   * @default true
   */
  readonly createServiceAccount?: boolean;

  /**
   * Name of the machine, or of several that are alike: the node of Envoy.
   * @default - the component's name
   */
  readonly name?: string;

  /** East-west gateways that expose the services: at least one, unless the machine calls nothing. */
  readonly gateways: GatewayAddressArgs[];

  /**
   * When a gateway gets no traffic for a while.
   * @default - see each property of GatewayFailoverArgs
   */
  readonly failover?: GatewayFailoverArgs;

  /** Services that the machine may call: at least one, unless it is called itself. */
  readonly services: StandaloneServiceArgs[];

  /**
   * Port of the one listener for HTTP services without a `localPort`, which tells them apart by the Host header.
   * @default 15080
   */
  readonly httpPort?: number;

  /**
   * Where the certificate is.
   * @default - files in the folder `certificates` of the Envoy's own
   */
  readonly certificates?: EnvoyCertificatesArgs;

  /**
   * Where Envoy writes a line for each request and connection.
   * @default - standard output
   */
  readonly accessLog?: EnvoyAccessLogArgs;

  /**
   * Port of 127.0.0.1 on which anybody on the machine may read, by GET, what Envoy says of itself: `/ready`, `/stats`, `/stats/prometheus`,
   * `/clusters`, `/listeners`, `/server_info` and `/certs`. The rest of the admin interface, by which one rules the Envoy, is the socket
   * `/run/meshvm-envoy/admin.sock`, for root and Envoy's user.
   * @default 15000
   */
  readonly adminPort?: number;

  /**
   * Where Prometheus finds Envoy's metrics, path `/stats/prometheus`. Nothing but that path is served there.
   * @default - nowhere but at `adminPort`
   */
  readonly metrics?: MetricsListenerArgs;

  /**
   * Folder of the configuration on the machine, an absolute path.
   * @default '/etc/meshvm-envoy'
   */
  readonly directory?: string;
}

/** Where an east-west gateway is reached. */
export interface GatewayAddressArgs {
  /** IP address or DNS name. A name is resolved by Envoy again and again, and each of its addresses is a gateway. */
  readonly address: pulumi.Input<string>;

  /**
   * Port on which the gateway passes mutual TLS on by its server name.
   * @default 15443
   */
  readonly port?: pulumi.Input<number>;

  /**
   * Where the gateway stands, for Envoy's statistics.
   * @default - unknown
   */
  readonly locality?: LocalityArgs;

  /**
   * Which gateways are called first: those of priority 0. Those of 1 get traffic as far as too few of 0 are healthy, and so on.
   * @default 0
   */
  readonly priority?: number;

  /**
   * Share among the gateways of the same priority, 1 to 128.
   * @default 1
   */
  readonly weight?: number;
}

/** When a gateway gets no traffic for a while: connections that fail, break or take too long. */
export interface GatewayFailoverArgs {
  /**
   * Failures in a row that put a gateway out.
   * @default 3
   */
  readonly consecutiveFailures?: number;

  /**
   * Seconds between two looks at who may come back.
   * @default 5
   */
  readonly intervalSeconds?: number;

  /**
   * Seconds that a gateway stays out the first time; each time it stays out longer.
   * @default 15
   */
  readonly baseEjectionSeconds?: number;
}

/** How clients on the machine find the services. Exactly one property must be set. */
export interface NameResolutionArgs {
  /**
   * `true`: by a block of /etc/hosts, which stands in the file `hosts` beside the configuration.
   * @default - another property is set
   */
  readonly hostsBlock?: boolean;

  /**
   * By Envoy's own DNS server.
   * @default - another property is set
   */
  readonly dnsFilter?: DnsFilterArgs;

  /**
   * `true`: not at all.
   * @default - another property is set
   */
  readonly none?: boolean;
}

/** Envoy's DNS server. */
export interface DnsFilterArgs {
  /**
   * Loopback address on which Envoy answers.
   * @default '127.0.0.1'
   */
  readonly address?: string;

  /**
   * UDP port on which Envoy answers.
   * @default 15053
   */
  readonly port?: number;

  /**
   * IP addresses of name servers that are asked for all other names, port 53.
   * @default [] other names are not known
   */
  readonly upstreams?: string[];
}

/** Where an Envoy writes a line for each request and connection, as JSON. Exactly one property must be set. */
export interface EnvoyAccessLogArgs {
  /**
   * `true`: to standard output.
   * @default - another property is set
   */
  readonly stdout?: boolean;

  /**
   * To a file, an absolute path.
   * @default - another property is set
   */
  readonly file?: string;

  /**
   * `true`: nowhere.
   * @default - another property is set
   */
  readonly off?: boolean;
}

/** A listener for metrics. */
export interface MetricsListenerArgs {
  /** IP address to listen on. Whoever reaches it reads which services the machine calls. */
  readonly address: string;

  /**
   * Port.
   * @default 15090
   */
  readonly port?: number;
}
