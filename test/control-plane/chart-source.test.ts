import { ChartSource, ControlPlane } from 'meshvm';
import { chartLocation } from '../../lib/control-plane/private/chart-source';
import { aMesh, problemsOf } from '../fixtures';

function controlPlane(chartSource: ChartSource): ControlPlane {
  return new ControlPlane({ mesh: aMesh(), chartSource });
}

describe('where charts come from', () => {
  test('is Istio, or a mirror', () => {
    expect(chartLocation(ChartSource.istioRelease())).toStrictEqual({
      location: 'https://blob.istio.io/istio-release/charts',
      oci: false,
    });
    expect(chartLocation(ChartSource.istioReleaseOci())).toStrictEqual({
      location: 'ghcr.io/istio/release/charts',
      oci: true,
    });
    const url = 'http://charts.example.com:8080';
    expect(chartLocation(ChartSource.helmRepository(url))).toStrictEqual({ location: url, oci: false });
    expect(() => controlPlane({ helmRepository: url })).not.toThrow();
  });

  test.each([
    '',
    'charts.example.com',
    'oci://example.com/charts',
    'https://u:p@x.com',
    'https://x.com/?a=b',
    'https://x y',
  ])('is no Helm repository at %p', (url) => {
    expect(problemsOf(() => controlPlane(ChartSource.helmRepository(url)))).toStrictEqual([
      'chartSource.helmRepository [chart-source/repository]',
    ]);
  });

  test.each(['registry.example.com/istio', 'localhost:5000/istio/charts', '10.0.0.5:5000/a_b/c-d'])(
    'is an OCI registry at %p',
    (location) => {
      expect(chartLocation(ChartSource.ociRegistry(location))).toStrictEqual({ location, oci: true });
      expect(() => controlPlane({ ociRegistry: location })).not.toThrow();
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
    expect(problemsOf(() => controlPlane(ChartSource.ociRegistry(location)))).toStrictEqual([
      'chartSource.ociRegistry [chart-source/registry]',
    ]);
  });
});
