import type { PlainData } from '../core/plain-data';

/** Kinds of extension providers by their names in lower case, as Istio compares them. */
export type ProviderKinds = ReadonlyMap<string, string>;

/** The providers in the values of the istiod chart. */
export function providersIn(istiodValues: PlainData): ProviderKinds {
  type Provider = Readonly<Record<string, unknown>> & { readonly name: string };
  const { extensionProviders = [] } = istiodValues.meshConfig as { readonly extensionProviders?: readonly Provider[] };
  return new Map(
    extensionProviders.map((provider) => {
      const kind = Object.keys(provider).find((key) => key !== 'name') ?? '';
      return [provider.name.toLowerCase(), kind] as const;
    }),
  );
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
