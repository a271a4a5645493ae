import type { UpstreamHttpProtocol } from '../../traffic/traffic-settings';
import type { LoadBalancingArgs } from './load-balancing-args';
import type { LocalityBalancingArgs } from './locality-balancing-args';
import type { UpstreamTlsArgs } from './upstream-tls-args';

export { UpstreamHttpProtocol } from '../../traffic/traffic-settings';

/** How callers treat the endpoints of a host. Each sidecar of a caller counts and decides by itself. */
export interface TrafficSettingsArgs extends InboundTrafficArgs {
  /**
   * The TLS that callers speak.
   * @default - mutual TLS to endpoints with a sidecar, plain text to the others
   */
  readonly tls?: UpstreamTlsArgs;
}

/** The same without the TLS: of machines without a control plane that follows from how they are reached. */
export interface InboundTrafficArgs {
  /**
   * Limits on connections and requests.
   * @default - none but Istio's: no limits, 10 seconds to connect
   */
  readonly connectionPool?: ConnectionPoolArgs;

  /**
   * When an endpoint that answers with errors gets no traffic for a while.
   * @default - never
   */
  readonly outlierDetection?: OutlierDetectionArgs;

  /**
   * Which endpoint gets a request.
   * @default - leastRequest
   */
  readonly loadBalancing?: LoadBalancingArgs;

  /**
   * How region and zone decide.
   * @default - what the mesh says: `nearest` where there is outlier detection, else nothing
   */
  readonly locality?: LocalityBalancingArgs;
}

/** How callers treat a host, and each of its ports. */
export interface HostTrafficArgs extends TrafficSettingsArgs {
  /**
   * Ports with settings of their own.
   * @default []
   */
  readonly ports?: PortTrafficArgs[];
}

/**
 * Settings of one port. Of the five, what isn't given here holds as it is given for the host. In Istio's own DestinationRule a port
 * inherits nothing; meshvm writes it out.
 */
export interface PortTrafficArgs extends TrafficSettingsArgs {
  /** Number of a port of the Service, not of the machines. */
  readonly port: number;
}

/** Limits on connections and requests of one caller to one host. */
export interface ConnectionPoolArgs {
  /**
   * Limits on connections, whatever is spoken over them.
   * @default - none
   */
  readonly tcp?: TcpConnectionPoolArgs;

  /**
   * Limits on HTTP and gRPC.
   * @default - none
   */
  readonly http?: HttpConnectionPoolArgs;
}

/** Limits on connections. */
export interface TcpConnectionPoolArgs {
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
  readonly keepAlive?: TcpKeepAliveArgs;
}

/** TCP's probes on connections without traffic. */
export interface TcpKeepAliveArgs {
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
export interface HttpConnectionPoolArgs {
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
  readonly http2KeepAlive?: Http2KeepAliveArgs;

  /**
   * Which HTTP is spoken.
   * @default - what the mesh says, as a rule what the port's name says
   */
  readonly protocol?: UpstreamHttpProtocol;
}

/** HTTP/2's pings. Since Istio 1.31. */
export interface Http2KeepAliveArgs {
  /** Seconds between pings. */
  readonly intervalSeconds: number;

  /** Seconds after which an unanswered ping closes the connection. */
  readonly timeoutSeconds: number;
}

/** When an endpoint gets no traffic for a while. An endpoint is put back by time alone, and each time it stays out longer. */
export interface OutlierDetectionArgs {
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
