import { Problems } from '../core/problems';
import { checkExtensionProvider } from './private/extension-provider';

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
   */
  readonly httpPath?: string;
}

/** A Zipkin collector, or one that speaks its protocol. */
export interface ZipkinBackend extends TelemetryBackend {
  /**
   * Path of the API.
   * @default '/api/v2/spans'
   */
  readonly path?: string;
}

/** Form of an access log in a file. */
export interface FileAccessLogOptions {
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
  readonly json?: Readonly<Record<string, string>>;
}

/** A collector of access logs that speaks OTLP over gRPC. */
export interface OpenTelemetryAccessLogBackend extends TelemetryBackend {
  /**
   * Name of the log.
   * @default 'otel_envoy_accesslog'
   */
  readonly logName?: string;
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
   * @throws ValidationError with every problem of the backend.
   */
  public static openTelemetryTracing(name: string, backend: OpenTelemetryBackend): ExtensionProvider {
    const { service, port, httpPath } = backend;
    // istiod passes the timeout on as it is, and Envoy refuses a whole listener without one. 5 s is istiod's own default for Zipkin.
    const http = httpPath === undefined ? {} : { http: { path: httpPath, timeout: '5s' } };
    return new ExtensionProvider(name, 'opentelemetry', { service, port, ...http });
  }

  /**
   * Spans to a Zipkin collector.
   * @param name What other configuration calls it.
   * @throws ValidationError with every problem of the backend.
   */
  public static zipkinTracing(name: string, backend: ZipkinBackend): ExtensionProvider {
    const { service, port, path } = backend;
    return new ExtensionProvider(name, 'zipkin', { service, port, ...(path === undefined ? {} : { path }) });
  }

  /**
   * An access log in a file or on standard output.
   * @param name What other configuration calls it; `envoy` changes Istio's own.
   * @throws ValidationError with every problem of the options.
   */
  public static fileAccessLog(name: string, options: FileAccessLogOptions = {}): ExtensionProvider {
    const { path = '/dev/stdout', text, json } = options;
    const format = { ...(text === undefined ? {} : { text }), ...(json === undefined ? {} : { labels: json }) };
    const logFormat = Object.keys(format).length > 0 ? { logFormat: format } : {};
    return new ExtensionProvider(name, 'envoyFileAccessLog', { path, ...logFormat });
  }

  /**
   * Access logs to an OpenTelemetry collector.
   * @param name What other configuration calls it.
   * @throws ValidationError with every problem of the backend.
   */
  public static openTelemetryAccessLog(name: string, backend: OpenTelemetryAccessLogBackend): ExtensionProvider {
    const { service, port, logName } = backend;
    const log = logName === undefined ? {} : { logName };
    return new ExtensionProvider(name, 'envoyOtelAls', { service, port, ...log });
  }

  /**
   * Any other provider, as it stands in Istio's mesh configuration.
   * @param name What other configuration calls it.
   * @param kind Such as `envoyExtAuthzGrpc`.
   * @param settings The settings of that kind.
   * @throws ValidationError for a name, kind, service or port that Istio refuses.
   */
  public static fromMeshConfig(
    name: string,
    kind: string,
    settings: Readonly<Record<string, unknown>>,
  ): ExtensionProvider {
    return new ExtensionProvider(name, kind, settings);
  }

  private constructor(
    /** What other configuration calls it. */
    public readonly name: string,
    /** Its kind in Istio's mesh configuration, such as `opentelemetry`. */
    public readonly kind: string,
    /** Its settings in Istio's mesh configuration. */
    public readonly settings: Readonly<Record<string, unknown>>,
  ) {
    const problems = new Problems();
    checkExtensionProvider(problems, this);
    problems.throwIfAny('ExtensionProvider');
  }
}
