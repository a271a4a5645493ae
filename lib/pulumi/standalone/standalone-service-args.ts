import type * as pulumi from '@pulumi/pulumi';
import type { ServiceProtocol } from '../../mesh/service-protocol';
import type { GroupReferenceArgs, MachineReferenceArgs } from '../machines/reference-args';
import type { ServiceAccountSubjectArgs } from '../mesh/service-account-subject-args';
import type { RetriesArgs } from '../traffic/retries-args';
import type { GrpcJsonTranscodingArgs } from './grpc-json-transcoding-args';

// One enum for both faces: its values are those of the builders.
export { ServiceProtocol } from '../../mesh/service-protocol';

/** A service that the machine may call. Exactly one of `group`, `machine` and `host` must be set. */
export interface StandaloneServiceArgs {
  /**
   * The first Service of a group: a MeshVmGroup of the program, of which host, ports and who answers are known.
   * @default - another property is set
   */
  readonly group?: GroupReferenceArgs;

  /**
   * The first Service of a machine: a MeshVm of the program.
   * @default - another property is set
   */
  readonly machine?: MachineReferenceArgs;

  /**
   * A service by its host, such as `catalog.shop.svc.cluster.local`. Needs `port`, `protocol` and `identities`.
   * @default - another property is set
   */
  readonly host?: pulumi.Input<string>;

  /**
   * Who may answer for a `host`: one of these must stand in the server's certificate.
   * @default - with group and machine their own ServiceAccount
   */
  readonly identities?: MeshIdentityArgs[];

  /**
   * Port of the Service, not of the machines behind it.
   * @default - the only port that the Services of the group have
   */
  readonly port?: number;

  /**
   * What is spoken.
   * @default - what the name or appProtocol of the group's port says
   */
  readonly protocol?: ServiceProtocol;

  /**
   * Port on the machine, of this service alone.
   * @default - for HTTP the listener of all services (`httpPort`); TCP needs a port
   */
  readonly localPort?: number;

  /**
   * Address on the machine: a loopback address, but for proxies that others share.
   * @default - '127.0.0.1', and the listenAddress of shared proxies
   */
  readonly localAddress?: string;

  /**
   * Subset of the service, as a DestinationRule of the mesh names it.
   * @default - all endpoints
   */
  readonly subset?: string;

  /**
   * Seconds until a connection through a gateway has failed, TLS included.
   * @default 5
   */
  readonly connectTimeoutSeconds?: number;

  /**
   * Seconds until a request has failed, all attempts together. For HTTP and gRPC.
   * @default - no limit, as with a sidecar
   */
  readonly timeoutSeconds?: number;

  /**
   * How often and when a request is tried again. For HTTP and gRPC.
   * @default - two further attempts for what is safe to repeat
   */
  readonly retries?: RetriesArgs;

  /**
   * Limits on what is under way at once.
   * @default - see each property of ServiceLimitsArgs
   */
  readonly limits?: ServiceLimitsArgs;

  /**
   * What Envoy asks the service through each gateway.
   * @default - nothing: a gateway is left out when connections through it fail
   */
  readonly healthCheck?: ServiceHealthCheckArgs;

  /**
   * What clients on the machine that speak JSON over HTTP may call of a gRPC service. Clients that speak gRPC go on as before.
   * @default - nothing
   */
  readonly transcoding?: GrpcJsonTranscodingArgs;
}

/** Who a workload of the mesh is. Exactly one property must be set. */
export interface MeshIdentityArgs {
  /**
   * Workloads with a ServiceAccount, in the mesh's own trust domain.
   * @default - another property is set
   */
  readonly serviceAccount?: ServiceAccountSubjectArgs;

  /**
   * A SPIFFE ID as it stands in certificates, such as `spiffe://cluster.local/ns/shop/sa/catalog`.
   * @default - another property is set
   */
  readonly spiffe?: pulumi.Input<string>;
}

/** Limits on what is under way at once, from one Envoy to one service. What is over them fails at once. */
export interface ServiceLimitsArgs {
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

/** What Envoy asks a service through each gateway. Exactly one property must be set. */
export interface ServiceHealthCheckArgs {
  /**
   * A request that must be answered with status 200.
   * @default - another property is set
   */
  readonly http?: HttpHealthCheckArgs;

  /**
   * gRPC's own health service, `grpc.health.v1.Health`.
   * @default - another property is set
   */
  readonly grpc?: GrpcHealthCheckArgs;

  /**
   * That the handshake of mutual TLS succeeds, and nothing more.
   * @default - another property is set
   */
  readonly connect?: HealthCheckTimesArgs;
}

/** How often a service is asked, and how many answers count. */
export interface HealthCheckTimesArgs {
  /**
   * Seconds between two questions.
   * @default 10
   */
  readonly intervalSeconds?: number;

  /**
   * Seconds until a question has failed.
   * @default 2
   */
  readonly timeoutSeconds?: number;

  /**
   * Failures in a row after which a gateway is no longer called for the service.
   * @default 3
   */
  readonly unhealthyThreshold?: number;

  /**
   * Good answers in a row after which it is called again.
   * @default 1
   */
  readonly healthyThreshold?: number;
}

/** A health check by HTTP. */
export interface HttpHealthCheckArgs extends HealthCheckTimesArgs {
  /** Path of the request, such as `/healthz`. */
  readonly path: string;
}

/** A health check by gRPC. */
export interface GrpcHealthCheckArgs extends HealthCheckTimesArgs {
  /**
   * Name of the service to ask for.
   * @default - the server as a whole
   */
  readonly service?: string;
}
