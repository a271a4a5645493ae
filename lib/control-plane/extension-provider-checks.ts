import { type Problems, rule } from '../core/problems';
import { isFqdn, isIstioDnsLabel } from '../core/values/names';
import { checkPortNumber } from '../core/values/ports';
import type { CustomProvider, ExtensionProvider } from './extension-provider';
import { ACCESS_LOG_KINDS, BUILT_IN_PROVIDERS, TRACING_KINDS } from './provider-kinds';

const NAME = rule({
  id: 'extension-provider/name',
  origin: 'ignored',
  allowed: "a non-empty name; one of Istio's own (envoy, prometheus, stackdriver) in exactly that spelling",
  remedy: 'rename the provider',
  source:
    'istio pkg/config/validation/agent validateExtensionProvider; istio pilot Telemetries.fetchProvider compares names without case and takes the first',
});
const KIND = rule({
  id: 'extension-provider/kind',
  origin: 'ignored',
  allowed: 'a kind of MeshConfig.ExtensionProvider that Istio 1.31 still acts on',
  remedy: 'use one of these; istiod only logs that it does not support another one',
  source: 'istio pilot core/tracing configureFromProviderConfig, model telemetryAccessLog, authz/builder',
});
const SERVICE = rule({
  id: 'extension-provider/service',
  origin: 'ignored',
  allowed: 'a fully qualified host name, or <namespace>/<host>',
  remedy:
    'give the full name, such as otel-collector.observability.svc.cluster.local; istiod looks the name up among its services as it is',
  source: 'istio pkg/config/validation/agent validateExtensionProviderService; istio pilot model.LookupCluster',
});
const LOG_FORMAT = rule({
  id: 'extension-provider/log-format',
  origin: 'istio',
  allowed: 'text, or fields of JSON, not both',
  remedy: 'remove one of the two',
  source: 'istio.io/api EnvoyFileAccessLogProvider.LogFormat is a oneof',
});
const HTTP_TIMEOUT = rule({
  id: 'extension-provider/http-timeout',
  origin: 'ignored',
  allowed: 'a timeout, such as "5s", where spans go by HTTP',
  remedy: 'set http.timeout',
  source:
    'istio pilot core/tracing otelConfig passes it on; Envoy HttpUri.timeout is required: without it proxies keep their old listeners',
});
const PATH = rule({
  id: 'extension-provider/path',
  origin: 'ignored',
  allowed: 'a path that starts with "/"',
  remedy: 'write the path from its first "/"',
  source: 'istio pilot core/tracing joins host and path as they are',
});

const KINDS: ReadonlySet<string> = new Set([
  ...TRACING_KINDS,
  ...ACCESS_LOG_KINDS,
  'envoyExtAuthzGrpc',
  'envoyExtAuthzHttp',
  'prometheus',
  'sds',
]);
/** Kinds without a backend behind a service. */
const WITHOUT_SERVICE: ReadonlySet<string> = new Set(['envoyFileAccessLog', 'prometheus', 'sds']);

/** What Istio would hold against a provider, or leave unused with a line in its log. */
export function checkExtensionProvider(problems: Problems, provider: ExtensionProvider): void {
  const { name, openTelemetryTracing, zipkinTracing, fileAccessLog, openTelemetryAccessLog, custom } = provider;
  problems.check(NAME, 'name', name, isProviderName);
  if (openTelemetryTracing !== undefined) {
    const at = problems.at('openTelemetryTracing');
    checkBackend(at, openTelemetryTracing);
    checkPath(at, 'httpPath', openTelemetryTracing.httpPath);
  }
  if (zipkinTracing !== undefined) {
    const at = problems.at('zipkinTracing');
    checkBackend(at, zipkinTracing);
    checkPath(at, 'path', zipkinTracing.path);
  }
  if (fileAccessLog?.text !== undefined && fileAccessLog.json !== undefined) {
    problems.add(LOG_FORMAT, 'fileAccessLog.json', fileAccessLog.json);
  }
  if (openTelemetryAccessLog !== undefined) checkBackend(problems.at('openTelemetryAccessLog'), openTelemetryAccessLog);
  if (custom !== undefined) checkCustom(problems.at('custom'), custom);
}

/** A provider whose settings nobody has a type for. */
function checkCustom(problems: Problems, { kind, settings }: CustomProvider): void {
  if (!KINDS.has(kind)) {
    problems.add(KIND, 'kind', kind, { allowed: `one of ${[...KINDS].sort().join(', ')}` });
    return;
  }
  const at = problems.at('settings');
  if (!WITHOUT_SERVICE.has(kind)) checkBackend(at, settings);
  if (kind === 'zipkin') checkPath(at, 'path', settings.path);
  const http = settings.http as { readonly path?: unknown; readonly timeout?: unknown } | undefined;
  if (kind === 'opentelemetry' && http !== undefined) {
    checkPath(at, 'http.path', http.path);
    at.check(HTTP_TIMEOUT, 'http', settings.http, () => http.timeout !== undefined);
  }
  const format = settings.logFormat as { readonly text?: unknown; readonly labels?: unknown } | undefined;
  if (kind === 'envoyFileAccessLog' && format?.text !== undefined && format.labels !== undefined) {
    at.add(LOG_FORMAT, 'logFormat.labels', format.labels);
  }
}

function isProviderName(name: string): boolean {
  return name !== '' && (BUILT_IN_PROVIDERS.has(name) || !BUILT_IN_PROVIDERS.has(name.toLowerCase()));
}

function checkBackend(
  problems: Problems,
  { service, port }: { readonly service?: unknown; readonly port?: unknown },
): void {
  if (service === undefined) problems.add(SERVICE, 'service', service);
  problems.check(SERVICE, 'service', service, (text) => typeof text === 'string' && isServiceReference(text));
  checkPortNumber(problems, 'port', port);
}

function isServiceReference(service: string): boolean {
  const [namespace, host, ...rest] = service.split('/');
  if (host === undefined) return isFullName(service);
  return rest.length === 0 && isIstioDnsLabel(namespace) && isFullName(host);
}

function isFullName(host: string): boolean {
  return host.includes('.') && isFqdn(host);
}

function checkPath(problems: Problems, property: string, path: unknown): void {
  problems.check(PATH, property, path, (text) => String(text).startsWith('/'));
}
