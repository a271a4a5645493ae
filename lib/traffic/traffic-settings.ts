import type { LoadBalancing } from './load-balancing';
import type { LocalityBalancing } from './locality-balancing';
import type { UpstreamTls } from './upstream-tls';

/** How callers treat the endpoints of a host, but for the TLS: of machines without a control plane that follows from how they are reached. */
export interface InboundTraffic {
  /**
   * Limits on connections and requests.
   * @default - none but Istio's: no limits, 10 seconds to connect
   */
  readonly connectionPool?: ConnectionPool;

  /**
   * When an endpoint that answers with errors gets no traffic for a while.
   * @default - never
   */
  readonly outlierDetection?: OutlierDetection;

  /**
   * Which endpoint gets a request.
   * @default - LoadBalancing.leastRequest()
   * @argsDefault - leastRequest
   */
  readonly loadBalancing?: LoadBalancing;

  /**
   * How region and zone decide.
   * @default - what the mesh says: LocalityBalancing.nearest() where there is outlier detection, else nothing
   * @argsDefault - what the mesh says: `nearest` where there is outlier detection, else nothing
   */
  readonly locality?: LocalityBalancing;
}

/** How callers treat the endpoints of a host. Each sidecar of a caller counts and decides by itself. */
export interface TrafficSettings extends InboundTraffic {
  /**
   * The TLS that callers speak.
   * @default - mutual TLS to endpoints with a sidecar, plain text to the others
   */
  readonly tls?: UpstreamTls;
}

/** How callers treat a host, and each of its ports. */
export interface HostTraffic extends TrafficSettings {
  /**
   * Ports with settings of their own.
   * @default []
   */
  readonly ports?: readonly PortTraffic[];
}

/**
 * Settings of one port. Of the five, what isn't given here holds as it is given for the host. In Istio's own DestinationRule a port
 * inherits nothing; meshvm writes it out.
 */
export interface PortTraffic extends TrafficSettings {
  /** Number of a port of the Service, not of the machines. */
  readonly port: number;
}

/** Limits on connections and requests of one caller to one host. */
export interface ConnectionPool {
  /**
   * Limits on connections, whatever is spoken over them.
   * @default - none
   */
  readonly tcp?: TcpConnectionPool;

  /**
   * Limits on HTTP and gRPC.
   * @default - none
   */
  readonly http?: HttpConnectionPool;
}

/** Limits on connections. */
export interface TcpConnectionPool {
  /**
   * Connections at once, HTTP/1.1 and TCP.
   * @default - no limit
   */
  readonly maxConnections?: number;

  /**
   * Seconds until an attempt to connect has failed.
   * @default 10
   */
  readonly connectTimeoutSeconds?: number;

  /**
   * Seconds after which a connection without traffic is closed; 0 for never.
   * @default 3600
   */
  readonly idleTimeoutSeconds?: number;

  /**
   * Seconds after which a connection is closed, whatever happens on it.
   * @default - never
   */
  readonly maxConnectionDurationSeconds?: number;

  /**
   * Probes on connections without traffic.
   * @default - none
   */
  readonly keepAlive?: TcpKeepAlive;
}

/** TCP's probes on connections without traffic. */
export interface TcpKeepAlive {
  /**
   * Seconds without traffic before the first probe.
   * @default - the operating system's, on Linux 7200
   */
  readonly timeSeconds?: number;

  /**
   * Seconds between probes.
   * @default - the operating system's, on Linux 75
   */
  readonly intervalSeconds?: number;

  /**
   * Unanswered probes after which the connection is dead.
   * @default - the operating system's, on Linux 9
   */
  readonly probes?: number;
}

/** Limits on HTTP and gRPC. */
export interface HttpConnectionPool {
  /**
   * Requests that wait for a connection at once.
   * @default - no limit
   */
  readonly http1MaxPendingRequests?: number;

  /**
   * Requests at once, HTTP/1.1 and HTTP/2.
   * @default - no limit
   */
  readonly http2MaxRequests?: number;

  /**
   * Requests on one connection before it is closed; 1 turns keep-alive off.
   * @default - no limit
   */
  readonly maxRequestsPerConnection?: number;

  /**
   * Retries at once.
   * @default - no limit
   */
  readonly maxRetries?: number;

  /**
   * Streams at once on one connection. For HTTP/2 and gRPC.
   * @default - no limit
   */
  readonly maxConcurrentStreams?: number;

  /**
   * Seconds after which a connection without requests is closed.
   * @default 3600
   */
  readonly idleTimeoutSeconds?: number;

  /**
   * Pings on connections. For HTTP/2 and gRPC.
   * @default - none
   */
  readonly http2KeepAlive?: Http2KeepAlive;

  /**
   * Which HTTP is spoken.
   * @default - what the mesh says, as a rule what the port's name says
   */
  readonly protocol?: UpstreamHttpProtocol;
}

/** HTTP/2's pings. Since Istio 1.31. */
export interface Http2KeepAlive {
  /** Seconds between pings. */
  readonly intervalSeconds: number;

  /** Seconds after which an unanswered ping closes the connection. */
  readonly timeoutSeconds: number;
}

/** When an endpoint gets no traffic for a while. An endpoint is put back by time alone, and each time it stays out longer. */
export interface OutlierDetection {
  /**
   * Errors in a row that put an endpoint out: for HTTP answers 500 to 599, for TCP failed connections; 0 for never.
   * @default 5
   */
  readonly consecutive5xxErrors?: number;

  /**
   * Answers 502, 503 or 504 in a row that put an endpoint out, or failed connections. They count as 5xx errors too.
   * @default - none
   */
  readonly consecutiveGatewayErrors?: number;

  /**
   * Failures in a row on the caller's side (connect timeout, reset) that put an endpoint out. Given, they no longer count as 5xx errors.
   * @default - none: they count as 5xx errors
   */
  readonly consecutiveLocalOriginFailures?: number;

  /**
   * Seconds between two looks at all endpoints.
   * @default 10
   */
  readonly intervalSeconds?: number;

  /**
   * Seconds that an endpoint stays out the first time.
   * @default 30
   */
  readonly baseEjectionTimeSeconds?: number;

  /**
   * Percentage of the endpoints that may be out at once, 1 to 100. One endpoint may be out whatever it says.
   * @default 10
   */
  readonly maxEjectionPercent?: number;

  /**
   * Percentage of healthy endpoints, 0 to 100, below which traffic goes to all of them, healthy or not.
   * @default 0
   */
  readonly minHealthPercent?: number;
}

/** Which HTTP callers speak to the endpoints. */
export enum UpstreamHttpProtocol {
  /** HTTP/2, also to ports whose name says HTTP/1.1. */
  HTTP2 = 'UPGRADE',
  /** What the port's name says, whatever the mesh's `h2UpgradePolicy`. */
  OF_PORT = 'DO_NOT_UPGRADE',
  /** What the client of the sidecar speaks. */
  OF_CLIENT = 'CLIENT',
}
