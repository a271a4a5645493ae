/** Where telemetry is sent. */
export interface TelemetryBackend {
  /**
   * Fully qualified host of the backend's Service or ServiceEntry, such as `otel-collector.observability.svc.cluster.local`, or
   * `<namespace>/<host>` where several namespaces have the host. Machines reach it as any other service of the mesh.
   */
  readonly service: string;

  /** Port of the Service. */
  readonly port: number;
}

/** An OpenTelemetry collector that takes spans by OTLP. */
export interface OpenTelemetryBackend extends TelemetryBackend {
  /**
   * Path of OTLP over HTTP, such as `/v1/traces`.
   * @default - OTLP over gRPC
   * @argsPlain
   */
  readonly httpPath?: string;
}

/** A Zipkin collector, or one that speaks its protocol. */
export interface ZipkinBackend extends TelemetryBackend {
  /**
   * Path of the API.
   * @default '/api/v2/spans'
   * @argsPlain
   */
  readonly path?: string;
}

/**
 * Form of an access log in a file.
 * @args FileAccessLogArgs
 */
export interface FileAccessLogOptions {
  /**
   * Where to write. On machines standard output is the journal.
   * @default '/dev/stdout'
   * @argsPlain
   */
  readonly path?: string;

  /**
   * Text of a line, in Envoy's command operators.
   * @default - Istio's own format
   * @argsPlain
   */
  readonly text?: string;

  /**
   * Fields of a line of JSON, each in Envoy's command operators; an empty map is Istio's own set of fields.
   * @default - text
   * @argsPlain
   */
  readonly json?: Readonly<Record<string, string>>;
}

/** A collector of access logs that speaks OTLP over gRPC. */
export interface OpenTelemetryAccessLogBackend extends TelemetryBackend {
  /**
   * Name of the log.
   * @default 'otel_envoy_accesslog'
   * @argsPlain
   */
  readonly logName?: string;
}

/** A provider as it stands in Istio's mesh configuration. */
export interface CustomProvider {
  /**
   * Such as `envoyExtAuthzGrpc`.
   * @argsPlain
   */
  readonly kind: string;

  /**
   * The settings of that kind.
   * @argsType pulumi.Inputs
   */
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * Something outside of the proxy that Istio's configuration names: where spans and access logs go, who authorizes requests.
 *
 * Istio declares three itself, and a provider with the same name replaces it: `prometheus`, `stackdriver`, and `envoy`, an access
 * log on standard output.
 *
 * Upstream: `extensionProviders` of https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/
 */
export class ExtensionProvider {
  /**
   * Spans to an OpenTelemetry collector.
   * @param name What other configuration calls it.
   */
  public static openTelemetryTracing(name: string, backend: OpenTelemetryBackend): ExtensionProvider {
    return new ExtensionProvider({ name, openTelemetryTracing: backend });
  }

  /**
   * Spans to a Zipkin collector, or one that speaks its protocol.
   * @param name What other configuration calls it.
   */
  public static zipkinTracing(name: string, backend: ZipkinBackend): ExtensionProvider {
    return new ExtensionProvider({ name, zipkinTracing: backend });
  }

  /**
   * An access log in a file or on standard output.
   * @param name What other configuration calls it; `envoy` changes Istio's own.
   */
  public static fileAccessLog(name: string, options: FileAccessLogOptions = {}): ExtensionProvider {
    return new ExtensionProvider({ name, fileAccessLog: options });
  }

  /**
   * Access logs to an OpenTelemetry collector that speaks OTLP over gRPC.
   * @param name What other configuration calls it.
   */
  public static openTelemetryAccessLog(name: string, backend: OpenTelemetryAccessLogBackend): ExtensionProvider {
    return new ExtensionProvider({ name, openTelemetryAccessLog: backend });
  }

  /**
   * Any other provider, as it stands in Istio's mesh configuration.
   * @param name What other configuration calls it.
   * @param kind Such as `envoyExtAuthzGrpc`.
   * @param settings The settings of that kind.
   */
  public static fromMeshConfig(
    name: string,
    kind: string,
    settings: Readonly<Record<string, unknown>>,
  ): ExtensionProvider {
    return new ExtensionProvider({ name, custom: { kind, settings } });
  }

  /**
   * What other configuration calls it.
   * @beside
   * @argsPlain
   */
  declare public readonly name: string;
  /** {@link ExtensionProvider.openTelemetryTracing} */
  declare public readonly openTelemetryTracing?: OpenTelemetryBackend;
  /** {@link ExtensionProvider.zipkinTracing} */
  declare public readonly zipkinTracing?: ZipkinBackend;
  /** {@link ExtensionProvider.fileAccessLog} */
  declare public readonly fileAccessLog?: FileAccessLogOptions;
  /** {@link ExtensionProvider.openTelemetryAccessLog} */
  declare public readonly openTelemetryAccessLog?: OpenTelemetryAccessLogBackend;
  /** {@link ExtensionProvider.fromMeshConfig} */
  declare public readonly custom?: CustomProvider;

  private constructor(choice: ExtensionProvider) {
    Object.assign(this, choice);
  }
}
