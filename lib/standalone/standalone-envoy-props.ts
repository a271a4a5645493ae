import type { GroupNamespace } from '../machines/group-namespace';
import type { GroupServiceAccount } from '../machines/group-service-account';
import type { Mesh } from '../mesh/mesh';
import type { EnvoyAccessLog } from './envoy-access-log';
import type { EnvoyCertificates } from './envoy-certificates';
import type { GatewayAddress } from './gateway-address';
import type { InboundCalls } from './inbound-calls';
import type { NameResolution } from './name-resolution';
import type { StandaloneService } from './standalone-service';

/** Properties of StandaloneEnvoy. */
export interface StandaloneEnvoyProps extends EnvoyProps {
  /**
   * What the mesh may call on the machine.
   * @default - nothing: the machine takes no calls
   */
  readonly inbound?: InboundCalls;

  /**
   * How clients on the machine find the services.
   * @default NameResolution.hostsBlock()
   * @argsDefault - a hosts block
   */
  readonly nameResolution?: NameResolution;
}

/** What all Envoys without a control plane have in common: who they are, what they call, and how. */
export interface EnvoyProps {
  /** The mesh whose services are called. */
  readonly mesh: Mesh;

  /**
   * Name of the machine, or of several that are alike: the node of Envoy, and the name of the ServiceAccount.
   * @default - the construct's id
   * @argsDefault - the component's name
   * @argsPlain
   */
  readonly name?: string;

  /**
   * Namespace of the machine's identity.
   * @default GroupNamespace.create()
   */
  readonly namespace?: GroupNamespace;

  /**
   * ServiceAccount that stands for the machine in the mesh: with its namespace it is the SPIFFE ID in the certificate.
   * @default GroupServiceAccount.create() with the name of the machine
   */
  readonly serviceAccount?: GroupServiceAccount;

  /** East-west gateways that expose the services (`exposeServices`): at least one, unless the machine calls nothing. */
  readonly gateways: readonly GatewayAddress[];

  /**
   * When a gateway gets no traffic for a while.
   * @default - see each property of GatewayFailover
   */
  readonly failover?: GatewayFailover;

  /** Services that the machine may call: at least one, unless it is called itself. */
  readonly services: readonly StandaloneService[];

  /**
   * Loopback port of the one listener for HTTP services without a `localPort`, which tells them apart by the Host header. 80 lets clients
   * call services by their names alone where those have port 80, and needs the right to open it.
   * @default 15080
   */
  readonly httpPort?: number;

  /**
   * Where the certificate is.
   * @default EnvoyCertificates.files()
   * @argsDefault - files in the folder `certificates` of the Envoy's own
   */
  readonly certificates?: EnvoyCertificates;

  /**
   * Where Envoy writes a line for each request and connection.
   * @default EnvoyAccessLog.stdout()
   * @argsDefault - standard output
   */
  readonly accessLog?: EnvoyAccessLog;

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
  readonly metrics?: MetricsListener;

  /**
   * Folder of the configuration on the machine, an absolute path.
   * @default '/etc/meshvm-envoy'
   * @argsPlain
   */
  readonly directory?: string;
}

/** A listener for metrics. */
export interface MetricsListener {
  /**
   * IP address to listen on; `0.0.0.0` and `::` are all. Whoever reaches it reads which services the machine calls.
   * @argsPlain
   */
  readonly address: string;

  /**
   * Port.
   * @default 15090
   */
  readonly port?: number;
}

/**
 * When a gateway gets no traffic for a while (Envoy's outlier detection). Answers of services don't count, however bad: one gateway leads to
 * all of them. What counts are connections that fail, break or take too long.
 */
export interface GatewayFailover {
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
