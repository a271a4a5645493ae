import { type Problems, rule } from '../../core/problems';
import type { ProxyDefaults, ResolvedProxyDefaults } from '../proxy-defaults';

const SAMPLING = rule({
  id: 'proxy/tracing-sampling',
  origin: 'ignored',
  allowed: 'a number from 0 to 100',
  remedy: 'give a percentage',
  source: 'istio meshconfig Tracing.sampling: documented as 0 to 100, and nothing there validates it',
});
const DNS_AUTO_ALLOCATE = rule({
  id: 'proxy/dns-auto-allocate-without-capture',
  origin: 'ignored',
  allowed: 'dnsAutoAllocate only together with dnsCapture',
  remedy: 'set dnsCapture, or leave dnsAutoAllocate out: nobody would answer with the allocated addresses',
  source: 'istio: ISTIO_META_DNS_AUTO_ALLOCATE acts inside the DNS proxy that ISTIO_META_DNS_CAPTURE starts',
});
const METADATA_OWNED = rule({
  id: 'proxy/metadata-owned-by-property',
  origin: 'meshvm',
  allowed: 'keys that no other property sets',
  remedy: 'set the property instead, so that the two can not disagree',
  source: 'meshvm',
});
const METADATA_VALUE = rule({
  id: 'proxy/metadata-value',
  origin: 'istio',
  allowed: 'strings without line breaks, quotation marks and backslashes; keys of letters, digits and "_"',
  remedy: 'write numbers and booleans as strings, and keep the value on one line: it becomes an environment variable',
  source: "istio's injection template puts the value in quotes and escapes nothing; cluster.env holds one line a key",
});

const OWNED_METADATA: ReadonlyMap<string, string> = new Map([
  ['ISTIO_META_DNS_CAPTURE', 'proxy.dnsCapture'],
  ['ISTIO_META_DNS_AUTO_ALLOCATE', 'proxy.dnsAutoAllocate'],
  ['ISTIO_META_CLUSTER_ID', 'clusterName'],
  ['ISTIO_META_MESH_ID', 'meshId'],
  ['ISTIO_META_NETWORK', 'network'],
  ['TRUST_DOMAIN', 'trustDomain'],
]);

/** Fills in the defaults. Total. */
export function resolveProxyDefaults(proxy: ProxyDefaults): ResolvedProxyDefaults {
  const dnsCapture = proxy.dnsCapture ?? true;
  return {
    holdApplicationUntilProxyStarts: proxy.holdApplicationUntilProxyStarts ?? true,
    tracingSamplingPercent: proxy.tracingSamplingPercent ?? 1,
    tracingProvider: proxy.tracingProvider,
    accessLog: proxy.accessLog ?? false,
    dnsCapture,
    dnsAutoAllocate: proxy.dnsAutoAllocate ?? dnsCapture,
    proxyMetadata: proxy.proxyMetadata ?? {},
  };
}

/** Settings that would be refused or ignored. */
export function checkProxyDefaults(problems: Problems, proxy: ResolvedProxyDefaults): void {
  const { tracingSamplingPercent, dnsAutoAllocate, dnsCapture, proxyMetadata } = proxy;
  problems.check(
    SAMPLING,
    'tracingSamplingPercent',
    tracingSamplingPercent,
    (percent) => percent >= 0 && percent <= 100,
  );
  if (dnsAutoAllocate && !dnsCapture) problems.add(DNS_AUTO_ALLOCATE, 'dnsAutoAllocate', true);
  const metadata = problems.at('proxyMetadata');
  for (const [key, value] of Object.entries(proxyMetadata)) {
    const owner = OWNED_METADATA.get(key);
    if (owner !== undefined) metadata.add(METADATA_OWNED, key, value, { remedy: `remove it and set ${owner}` });
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) metadata.add(METADATA_VALUE, key, value);
    else metadata.check(METADATA_VALUE, key, value, (text) => !/[\r\n\0"\\]/.test(text));
  }
}
