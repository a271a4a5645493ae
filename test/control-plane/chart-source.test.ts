import { ChartSource } from '../../lib/control-plane/chart-source';
import { problemsOf } from '../fixtures';

describe('where charts come from', () => {
  test('is Istio, or a mirror', () => {
    expect({ ...ChartSource.istioRelease() }).toStrictEqual({
      location: 'https://blob.istio.io/istio-release/charts',
      oci: false,
    });
    expect({ ...ChartSource.istioReleaseOci() }).toStrictEqual({ location: 'ghcr.io/istio/release/charts', oci: true });
    expect(ChartSource.helmRepository('http://charts.example.com:8080').oci).toBe(false);
  });

  test.each([
    '',
    'charts.example.com',
    'oci://example.com/charts',
    'https://u:p@x.com',
    'https://x.com/?a=b',
    'https://x y',
  ])('is no Helm repository at %p', (url) => {
    expect(problemsOf(() => ChartSource.helmRepository(url))).toStrictEqual(['url [chart-source/repository]']);
  });

  test.each(['registry.example.com/istio', 'localhost:5000/istio/charts', '10.0.0.5:5000/a_b/c-d'])(
    'is an OCI registry at %p',
    (location) => {
      expect(ChartSource.ociRegistry(location).location).toBe(location);
    },
  );

  test.each([
    '',
    'oci://registry.example.com/istio',
    'registry.example.com',
    'registry.example.com/',
    'registry.example.com/Istio',
    'registry.example.com/istio:1.31.1',
    'registry.example.com:0/istio',
    'registry.example.com:a/istio',
  ])('is no OCI registry at %p', (location) => {
    expect(problemsOf(() => ChartSource.ociRegistry(location))).toStrictEqual(['location [chart-source/registry]']);
  });
});
