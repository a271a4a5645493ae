import type * as pulumi from '@pulumi/pulumi';

/**
 * Something outside of the proxy that Istio's configuration names: where spans and access logs go, who authorizes requests. Exactly
 * one property besides `name` must be set.
 *
 * Istio declares three itself, and a provider with the same name replaces it: `prometheus`, `stackdriver`, and `envoy`, an access
 * log on standard output.
 *
 * Upstream: `extensionProviders` of https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/
 */
export interface ExtensionProviderArgs {
  /** What other configuration calls it. */
  readonly name: string;

  /**
   * Spans to an OpenTelemetry collector.
   * @default - another property is set
   */
  readonly openTelemetryTracing?: OpenTelemetryBackendArgs;

  /**
   * Spans to a Zipkin collector, or one that speaks its protocol.
   * @default - another property is set
   */
  readonly zipkinTracing?: ZipkinBackendArgs;

  /**
   * An access log in a file or on standard output.
   * @default - another property is set
   */
  readonly fileAccessLog?: FileAccessLogArgs;

  /**
   * Access logs to an OpenTelemetry collector that speaks OTLP over gRPC.
   * @default - another property is set
   */
  readonly openTelemetryAccessLog?: OpenTelemetryAccessLogBackendArgs;

  /**
   * Any other provider, as it stands in Istio's mesh configuration.
   * @default - another property is set
   */
  readonly custom?: CustomProviderArgs;
}

/** Where telemetry is sent. */
export interface TelemetryBackendArgs {
  /**
   * Fully qualified host of the backend's Service or ServiceEntry, such as `otel-collector.observability.svc.cluster.local`, or
   * `<namespace>/<host>` where several namespaces have the host. Machines reach it as any other service of the mesh.
   */
  readonly service: pulumi.Input<string>;

  /** Port of the Service. */
  readonly port: number;
}

/** An OpenTelemetry collector that takes spans by OTLP. */
export interface OpenTelemetryBackendArgs extends TelemetryBackendArgs {
  /**
   * Path of OTLP over HTTP, such as `/v1/traces`.
   * @default - OTLP over gRPC
   */
  readonly httpPath?: string;
}

/** A Zipkin collector, or one that speaks its protocol. */
export interface ZipkinBackendArgs extends TelemetryBackendArgs {
  /**
   * Path of the API.
   * @default '/api/v2/spans'
   */
  readonly path?: string;
}

/** Form of an access log in a file. */
export interface FileAccessLogArgs {
  /**
   * Where to write. On machines standard output is the journal.
   * @default '/dev/stdout'
   */
  readonly path?: string;

  /**
   * Text of a line, in Envoy's command operators.
   * @default - Istio's own format
   */
  readonly text?: string;

  /**
   * Fields of a line of JSON, each in Envoy's command operators; an empty map is Istio's own set of fields.
   * @default - text
   */
  readonly json?: Record<string, string>;
}

/** A collector of access logs that speaks OTLP over gRPC. */
export interface OpenTelemetryAccessLogBackendArgs extends TelemetryBackendArgs {
  /**
   * Name of the log.
   * @default 'otel_envoy_accesslog'
   */
  readonly logName?: string;
}

/** A provider as it stands in Istio's mesh configuration. */
export interface CustomProviderArgs {
  /** Such as `envoyExtAuthzGrpc`. */
  readonly kind: string;

  /** The settings of that kind. */
  readonly settings: pulumi.Inputs;
}
