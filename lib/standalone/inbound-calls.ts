import type { Caller } from '../access/caller';
import type { ServiceProtocol } from '../mesh/service-protocol';
import type { InboundTraffic } from '../traffic/traffic-settings';
import type { InboundExposure } from './inbound-exposure';
import type { ServiceHealthCheck } from './service-health-check';

/** What the mesh may call on machines without a control plane. */
export interface InboundCalls {
  /**
   * DNS name by which the mesh calls the machines, such as `billing.example.com`. Not necessarily known to any DNS server: sidecars that
   * capture DNS (`dnsCapture` of the mesh) answer for it.
   */
  readonly host: string;

  /** How callers get there. */
  readonly exposure: InboundExposure;

  /** Ports of the host. At least one. */
  readonly ports: readonly InboundPort[];

  /**
   * Who may call, by the identities in their certificates: nobody else. `addresses` tells none. Behind an HTTPS load balancer no
   * certificate of a caller is seen, and there must be none here.
   * @default - nobody but whom each port names
   */
  readonly callers?: readonly Caller[];

  /**
   * IP address on which the machines take calls; `0.0.0.0` and `::` are all of theirs.
   * @default '0.0.0.0'
   * @argsPlain
   */
  readonly listenAddress?: string;

  /**
   * Where load balancers ask for health, in plain text.
   * @default - nowhere
   */
  readonly health?: InboundHealthEndpoint;

  /**
   * Virtual IP addresses of the host.
   * @default - istiod allocates one, where the mesh captures DNS
   */
  readonly virtualAddresses?: readonly string[];

  /**
   * Namespaces whose proxies know the host: names, or one of `.` (that of the machine's identity), `*` (all) and `~` (none) alone.
   * @default - what the mesh's `defaultServiceExportTo` says, as a rule all
   */
  readonly exportTo?: readonly string[];

  /**
   * How callers treat the machines: limits, ejection of failing ones, load balancing. The TLS that they speak follows from `exposure`.
   * @default - what the mesh says
   */
  readonly traffic?: InboundTraffic;
}

/** A port on which the mesh calls an application of the machine. */
export interface InboundPort {
  /**
   * Name of the port.
   * @argsPlain
   */
  readonly name: string;

  /** Number under which the mesh calls the host. */
  readonly port: number;

  /** What is spoken, by the callers and by the application. The application speaks it without TLS. */
  readonly protocol: ServiceProtocol;

  /** Port of the application. It should listen on loopback alone: who reaches it otherwise calls past everything here. */
  readonly applicationPort: number;

  /**
   * Loopback address of the application.
   * @default '127.0.0.1'
   * @argsPlain
   */
  readonly applicationAddress?: string;

  /**
   * Port on which Envoy takes the calls, on the machine.
   * @default - port
   */
  readonly listenPort?: number;

  /**
   * Port at the addresses that callers connect to: that of the load balancer.
   * @default - listenPort; 443 behind an HTTPS load balancer
   */
  readonly exposedPort?: number;

  /**
   * Who may call this port.
   * @default - callers of all ports
   */
  readonly callers?: readonly Caller[];

  /**
   * Seconds until the application has accepted a connection.
   * @default 2
   */
  readonly connectTimeoutSeconds?: number;

  /**
   * Seconds until a request has failed. For HTTP and gRPC.
   * @default - no limit, as with a sidecar
   */
  readonly timeoutSeconds?: number;

  /**
   * Seconds after which a connection is closed on which nothing happens: no request, or for TCP no byte.
   * @default 3600
   */
  readonly idleTimeoutSeconds?: number;

  /**
   * Limits on what is under way at once.
   * @default - see each property of InboundLimits
   */
  readonly limits?: InboundLimits;

  /**
   * What Envoy asks the application. While it fails, the health endpoint answers 503.
   * @default - nothing
   */
  readonly healthCheck?: ServiceHealthCheck;
}

/** Limits on what is under way at once on one port of one machine. What is over them fails at once. */
export interface InboundLimits {
  /**
   * Connections of callers.
   * @default 1024
   */
  readonly maxConnections?: number;

  /**
   * Requests to the application.
   * @default 1024
   */
  readonly maxRequests?: number;

  /**
   * Requests that wait for a connection to the application.
   * @default 1024
   */
  readonly maxPendingRequests?: number;
}

/**
 * Answers 200 to its path, or 503 while an application with a health check fails or Envoy is told to drain; 404 to all else. It says nothing
 * more, to whoever reaches it.
 */
export interface InboundHealthEndpoint {
  /** Port on the machine. */
  readonly port: number;

  /**
   * Path.
   * @default '/healthz'
   * @argsPlain
   */
  readonly path?: string;
}
