import type { ExtensionProvider } from './extension-provider';
import { providerSettings } from './manifests/extension-provider';

/** Kinds of extension providers by their names in lower case, as Istio compares them. */
export type ProviderKinds = ReadonlyMap<string, string>;

/** Kinds of the providers that a control plane has besides Istio's own. */
export function kindsOf(providers: readonly ExtensionProvider[]): ProviderKinds {
  return new Map(providers.map((provider) => [provider.name.toLowerCase(), providerSettings(provider).kind]));
}

/** Kinds that proxies can send spans to. */
export const TRACING_KINDS: ReadonlySet<string> = new Set(['datadog', 'opentelemetry', 'skywalking', 'zipkin']);
/** Kinds that proxies can send access logs to. */
export const ACCESS_LOG_KINDS: ReadonlySet<string> = new Set([
  'envoyFileAccessLog',
  'envoyHttpAls',
  'envoyOtelAls',
  'envoyTcpAls',
]);
/** Providers that Istio declares itself (istio pkg/config/mesh DefaultMeshConfig), and their kinds. */
export const BUILT_IN_PROVIDERS: ReadonlyMap<string, string> = new Map([
  ['envoy', 'envoyFileAccessLog'],
  ['prometheus', 'prometheus'],
  ['stackdriver', 'stackdriver'],
]);
