import { Problems } from '../../../lib/core/problems';
import { checkProxyDefaults, resolveProxyDefaults } from '../../../lib/mesh/private/proxy-defaults';
import type { ProxyDefaults } from '../../../lib/mesh/proxy-defaults';

function verdict(proxy: ProxyDefaults): readonly string[] {
  const problems = new Problems();
  checkProxyDefaults(problems, resolveProxyDefaults(proxy));
  return problems.all.map(({ property, id }) => `${property} [${id}]`);
}

describe('proxy defaults', () => {
  test('are those of an expert', () => {
    expect(resolveProxyDefaults({})).toStrictEqual({
      holdApplicationUntilProxyStarts: true,
      tracingSamplingPercent: 1,
      tracingProvider: undefined,
      accessLog: false,
      dnsCapture: true,
      dnsAutoAllocate: true,
      proxyMetadata: {},
    });
  });

  test('allocate no addresses when nobody answers with them', () => {
    expect(resolveProxyDefaults({ dnsCapture: false }).dnsAutoAllocate).toBe(false);
  });

  test('refuse to allocate addresses without DNS capture', () => {
    expect(verdict({ dnsCapture: false, dnsAutoAllocate: true })).toStrictEqual([
      'dnsAutoAllocate [proxy/dns-auto-allocate-without-capture]',
    ]);
  });

  test.each([-1, 100.1, Number.NaN])('refuse a sampling of %p percent', (tracingSamplingPercent) => {
    expect(verdict({ tracingSamplingPercent })).toStrictEqual(['tracingSamplingPercent [proxy/tracing-sampling]']);
  });

  test('refuse metadata that contradicts or repeats a property', () => {
    expect(verdict({ proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'false', TRUST_DOMAIN: 'x', FREE: 'y' } })).toStrictEqual(
      [
        'proxyMetadata.ISTIO_META_DNS_CAPTURE [proxy/metadata-owned-by-property]',
        'proxyMetadata.TRUST_DOMAIN [proxy/metadata-owned-by-property]',
      ],
    );
  });

  test('refuse metadata that is no environment variable', () => {
    expect(verdict({ proxyMetadata: { 'A B': 'x', LINES: 'a\nb', QUOTED: 'a"b' } })).toStrictEqual([
      'proxyMetadata.A B [proxy/metadata-value]',
      'proxyMetadata.LINES [proxy/metadata-value]',
      'proxyMetadata.QUOTED [proxy/metadata-value]',
    ]);
  });
});
