import { isDeferred, type Problems, rule } from '../../core/problems';
import { isFqdn, isIstioDnsLabel } from '../../core/values/names';
import { checkPortNumber } from '../../core/values/ports';
import { ACCESS_LOG_KINDS, BUILT_IN_PROVIDERS, TRACING_KINDS } from '../provider-kinds';

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
  allowed: 'text or json, not both',
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
export function checkExtensionProvider(
  problems: Problems,
  provider: {
    readonly name: unknown;
    readonly kind: string;
    readonly settings: Readonly<Record<string, unknown>>;
  },
): void {
  const { name, kind, settings } = provider;
  const builtIn = typeof name === 'string' && BUILT_IN_PROVIDERS.has(name.toLowerCase());
  if (typeof name !== 'string' || name === '' || (builtIn && !BUILT_IN_PROVIDERS.has(name))) {
    problems.add(NAME, 'name', name);
  }
  if (!KINDS.has(kind)) {
    problems.add(KIND, 'kind', kind, { allowed: `one of ${[...KINDS].sort().join(', ')}` });
    return;
  }
  if (!WITHOUT_SERVICE.has(kind)) {
    checkService(problems, settings.service);
    checkPortNumber(problems, 'port', settings.port);
  }
  checkPath(problems, kind === 'zipkin' ? 'path' : 'httpPath', pathOf(kind, settings));
  const http = settings.http as { readonly timeout?: unknown } | undefined;
  if (kind === 'opentelemetry' && http !== undefined && !isDeferred(http) && http.timeout === undefined) {
    problems.add(HTTP_TIMEOUT, 'http.timeout', undefined);
  }
  const format = settings.logFormat as { readonly text?: unknown; readonly labels?: unknown } | undefined;
  if (kind === 'envoyFileAccessLog' && format?.text !== undefined && format.labels !== undefined) {
    problems.add(LOG_FORMAT, 'json', format.labels);
  }
}

function checkService(problems: Problems, service: unknown): void {
  if (isDeferred(service)) return;
  if (typeof service !== 'string' || !isServiceReference(service)) problems.add(SERVICE, 'service', service);
}

function isServiceReference(service: string): boolean {
  const [namespace, host, ...rest] = service.split('/');
  if (host === undefined) return isFullName(service);
  return rest.length === 0 && isIstioDnsLabel(namespace) && isFullName(host);
}

function isFullName(host: string): boolean {
  return host.includes('.') && isFqdn(host);
}

function pathOf(kind: string, settings: Readonly<Record<string, unknown>>): unknown {
  if (kind === 'zipkin') return settings.path;
  const http = settings.http as { readonly path?: unknown } | undefined;
  return kind === 'opentelemetry' ? http?.path : undefined;
}

function checkPath(problems: Problems, property: string, path: unknown): void {
  if (path === undefined || isDeferred(path)) return;
  if (!String(path).startsWith('/')) problems.add(PATH, property, path);
}
