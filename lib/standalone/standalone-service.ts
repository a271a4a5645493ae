import type { IMeshVm, IMeshVmGroup } from '../machines/references';
import type { MeshIdentity } from '../mesh/mesh-identity';
import type { ServiceProtocol } from '../mesh/service-protocol';
import type { Retries } from '../traffic/retries';
import type { GrpcJsonTranscoding } from './grpc-json-transcoding';
import type { ServiceHealthCheck } from './service-health-check';

/**
 * A service of the mesh that a machine without a control plane may call.
 * @choice group, machine, host
 * @argsDoc A service that the machine may call. Exactly one of `group`, `machine` and `host` must be set.
 */
export class StandaloneService {
  /**
   * The first Service of a group: its host, its ports and who answers are known from the group.
   *
   * @param group A group of the same program that has a Service.
   */
  public static group(group: IMeshVmGroup, options: StandaloneServiceOptions = {}): StandaloneService {
    return new StandaloneService({ ...options, group });
  }

  /**
   * The first Service of a machine with a fixed address.
   *
   * @param machine A machine of the same program that has a Service.
   */
  public static machine(machine: IMeshVm, options: StandaloneServiceOptions = {}): StandaloneService {
    return new StandaloneService({ ...options, machine });
  }

  /**
   * A service by its host, such as one of pods.
   *
   * @param host Full name, such as `catalog.shop.svc.cluster.local`. The gateway must expose it: `ServiceExposure.all()`, or its host among
   * those of `ServiceExposure.hosts`.
   */
  public static fromHost(host: string, options: StandaloneHostOptions): StandaloneService {
    return new StandaloneService({ ...options, host });
  }

  /**
   * {@link StandaloneService.group}
   * @argsDoc The first Service of a group: a MeshVmGroup of the program, of which host, ports and who answers are known.
   */
  declare public readonly group?: IMeshVmGroup;
  /**
   * {@link StandaloneService.machine}
   * @argsDoc The first Service of a machine: a MeshVm of the program.
   */
  declare public readonly machine?: IMeshVm;
  /**
   * {@link StandaloneService.fromHost}
   * @argsDoc A service by its host, such as `catalog.shop.svc.cluster.local`. Needs `port`, `protocol` and `identities`.
   */
  declare public readonly host?: string;

  /**
   * Who may answer for a `host`: one of these must stand in the server's certificate. At least one, or any server of the mesh could answer.
   * @default - with group and machine their own ServiceAccount
   */
  declare public readonly identities?: readonly MeshIdentity[];

  /**
   * Port of the Service, not of the machines behind it.
   * @default - the only port that the Services of the group have
   */
  declare public readonly port?: number;

  /**
   * What is spoken.
   * @default - what the name or appProtocol of the port says
   */
  declare public readonly protocol?: ServiceProtocol;

  /**
   * Port on the machine, of this service alone. A client calls it as it would call the service itself.
   * @default - for HTTP the listener of all services (`httpPort`), which tells them apart by the Host header; TCP needs a port
   */
  declare public readonly localPort?: number;

  /**
   * Address on the machine: a loopback address, but for proxies that others share. Services with the same `localPort` need different ones,
   * such as `127.0.0.2`.
   * @default - '127.0.0.1', and the listenAddress of shared proxies
   * @argsPlain
   */
  declare public readonly localAddress?: string;

  /**
   * Subset of the service, as a DestinationRule of the mesh names it. The gateway must know it.
   * @default - all endpoints
   * @argsPlain
   */
  declare public readonly subset?: string;

  /**
   * Seconds until a connection through a gateway has failed, TLS included.
   * @default 5
   */
  declare public readonly connectTimeoutSeconds?: number;

  /**
   * Seconds until a request has failed, all attempts together. For HTTP and gRPC.
   * @default - no limit, as with a sidecar
   */
  declare public readonly timeoutSeconds?: number;

  /**
   * How often and when a request is tried again, through another gateway where there is one. For HTTP and gRPC.
   * @default - two further attempts for what is safe to repeat, as with a sidecar
   */
  declare public readonly retries?: Retries;

  /**
   * Limits on what is under way at once.
   * @default - see each property of ServiceLimits
   */
  declare public readonly limits?: ServiceLimits;

  /**
   * What Envoy asks the service through each gateway.
   * @default - nothing: a gateway is left out when connections through it fail
   */
  declare public readonly healthCheck?: ServiceHealthCheck;

  /**
   * What clients on the machine that speak JSON over HTTP may call of a gRPC service. Clients that speak gRPC go on as before.
   * @default - nothing
   */
  declare public readonly transcoding?: GrpcJsonTranscoding;

  private constructor(service: StandaloneService) {
    Object.assign(this, service);
  }
}

/** How a service is called. */
export interface StandaloneServiceOptions
  extends Omit<StandaloneService, 'group' | 'machine' | 'host' | 'identities'> {}

/** A service that is named by its host. */
export interface StandaloneHostOptions extends StandaloneServiceOptions {
  /** Port of the Service. */
  readonly port: number;

  /** What is spoken. */
  readonly protocol: ServiceProtocol;

  /** Who may answer: one of these must stand in the server's certificate. At least one, or any server of the mesh could answer. */
  readonly identities: readonly MeshIdentity[];
}

/** Limits on what is under way at once, from one Envoy to one service (Envoy's circuit breakers). What is over them fails at once. */
export interface ServiceLimits {
  /**
   * Connections.
   * @default 1024
   */
  readonly maxConnections?: number;

  /**
   * Requests that wait for a connection.
   * @default 1024
   */
  readonly maxPendingRequests?: number;

  /**
   * Requests.
   * @default 1024
   */
  readonly maxRequests?: number;

  /**
   * Retries.
   * @default 16
   */
  readonly maxRetries?: number;
}
