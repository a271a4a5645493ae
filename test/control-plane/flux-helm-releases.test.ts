import { App, Chart, Testing } from 'cdk8s';
import { ChartSource } from '../../lib/control-plane/chart-source';
import { ControlPlane } from '../../lib/control-plane/control-plane';
import { FluxHelmReleases } from '../../lib/control-plane/flux-helm-releases';
import type { FluxHelmReleasesProps } from '../../lib/control-plane/flux-helm-releases-props';
import { LoadBalancer } from '../../lib/gateway/load-balancer';
import { Revision } from '../../lib/mesh/revision';
import { aMesh, problemsOf } from '../fixtures';

const gateway = { loadBalancer: LoadBalancer.awsNlb(), namespace: 'machines' };
const controlPlane = new ControlPlane({ mesh: aMesh(), gateway });

// biome-ignore lint/suspicious/noExplicitAny: the shape is what the test is about.
function flux(props: Partial<FluxHelmReleasesProps> = {}): any[] {
  const chart = new Chart(new App(), 'platform');
  new FluxHelmReleases(chart, 'istio', { controlPlane, ...props });
  return Testing.synth(chart);
}

describe('Flux HelmReleases', () => {
  test('are one for each chart, each after the one before', () => {
    const releases = flux().filter(({ kind }) => kind === 'HelmRelease');
    expect(releases.map(({ metadata, spec }) => [metadata.name, spec.dependsOn, spec.targetNamespace])).toStrictEqual([
      ['istio-base', undefined, 'istio-system'],
      ['istiod', [{ name: 'istio-base' }], 'istio-system'],
      ['istio-eastwestgateway', [{ name: 'istiod' }], 'machines'],
    ]);
  });

  test('install the release of the control plane, and never uninstall it to try again', () => {
    const istiod = flux().find(({ metadata }) => metadata.name === 'istiod');
    expect(istiod).toStrictEqual({
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: { name: 'istiod', namespace: 'istio-system' },
      spec: {
        interval: '600s',
        releaseName: 'istiod',
        targetNamespace: 'istio-system',
        storageNamespace: 'istio-system',
        dependsOn: [{ name: 'istio-base' }],
        chart: {
          spec: { chart: 'istiod', version: '1.31.1', sourceRef: { kind: 'HelmRepository', name: 'istio' } },
        },
        install: { createNamespace: true, strategy: { name: 'RetryOnFailure' } },
        upgrade: { strategy: { name: 'RetryOnFailure' } },
        values: controlPlane.helmValues.istiod,
      },
    });
  });

  test('come with the namespace of the control plane and the source of the charts', () => {
    expect(flux().slice(0, 2)).toStrictEqual([
      {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'istio-system', labels: { 'topology.istio.io/network': 'vpc-prod' } },
      },
      {
        apiVersion: 'source.toolkit.fluxcd.io/v1',
        kind: 'HelmRepository',
        metadata: { name: 'istio', namespace: 'istio-system' },
        spec: { interval: '600s', url: 'https://blob.istio.io/istio-release/charts' },
      },
    ]);
  });

  test('take each chart from its own place in an OCI registry', () => {
    const mirrored = new ControlPlane({ mesh: aMesh(), chartSource: ChartSource.ociRegistry('r.example.com/istio') });
    const [, base, , , istiod] = flux({ controlPlane: mirrored });
    expect(base).toStrictEqual({
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'OCIRepository',
      metadata: { name: 'istio-base', namespace: 'istio-system' },
      spec: {
        interval: '600s',
        url: 'oci://r.example.com/istio/base',
        ref: { tag: '1.31.1' },
        layerSelector: { mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', operation: 'copy' },
      },
    });
    expect(istiod.spec).toMatchObject({ chartRef: { kind: 'OCIRepository', name: 'istiod' } });
    expect(istiod.spec).not.toHaveProperty('chart');
  });

  test('of two control planes live in one program', () => {
    const chart = new Chart(new App(), 'platform');
    const mesh = aMesh({ revision: Revision.tag('prod') });
    const stable = new ControlPlane({ mesh, revision: '1-31-1' });
    const canary = new ControlPlane({ mesh, revision: '1-32-0', revisionTags: [], defaultRevision: '1-31-1' });
    new FluxHelmReleases(chart, 'stable', { controlPlane: stable });
    const { releaseNames } = new FluxHelmReleases(chart, 'canary', { controlPlane: canary, installBase: false });
    expect(releaseNames).toStrictEqual(['istiod-1-32-0']);
    expect(Testing.synth(chart).map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toStrictEqual([
      'Namespace istio-system',
      'HelmRepository istio-1-31-1',
      'HelmRelease istio-base',
      'HelmRelease istiod-1-31-1',
      'HelmRepository istio-1-32-0',
      'HelmRelease istiod-1-32-0',
    ]);
  });

  test('follow every property', () => {
    const objects = flux({ namespace: 'flux-system', createNamespace: false, intervalSeconds: 60 });
    expect(objects.map(({ kind }) => kind)).not.toContain('Namespace');
    for (const { metadata, spec } of objects) {
      expect([metadata.namespace, spec.interval]).toStrictEqual(['flux-system', '60s']);
    }
  });

  test('are refused with every problem at once', () => {
    expect(problemsOf(() => flux({ namespace: 'flux_system', intervalSeconds: 0 }))).toStrictEqual([
      'namespace [name/dns-label]',
      'intervalSeconds [flux/interval]',
    ]);
  });
});
