import { compact, type KubernetesObject } from '../../core/kubernetes-object';
import type { PlainData } from '../../core/plain-data';
import type { ChartLocation } from './control-plane';
import type { ChartRelease } from './helm-values';

/** What the Flux objects of one control plane have in common. */
export interface FluxSettings {
  /** Namespace of the Flux objects. */
  readonly namespace: string;
  readonly intervalSeconds: number;
  readonly charts: ChartLocation;
  readonly version: string;
  /** Name of the HelmRepository. */
  readonly repositoryName: string;
}

/** Media type of a chart in an OCI registry. */
const CHART_LAYER = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';

/** Where Flux fetches the charts of the releases: one HelmRepository, or an OCIRepository for each chart. */
export function fluxSources(
  settings: FluxSettings,
  releases: readonly ChartRelease[],
): readonly KubernetesObject<PlainData>[] {
  const { namespace, charts, version } = settings;
  const interval = `${settings.intervalSeconds}s`;
  const apiVersion = 'source.toolkit.fluxcd.io/v1';
  if (!charts.oci) {
    const metadata = { name: settings.repositoryName, namespace };
    return [{ apiVersion, kind: 'HelmRepository', metadata, spec: { interval, url: charts.location } }];
  }
  return releases.map(({ chart, releaseName }) => ({
    apiVersion,
    kind: 'OCIRepository',
    metadata: { name: releaseName, namespace },
    spec: {
      interval,
      url: `oci://${charts.location}/${chart}`,
      ref: { tag: version },
      layerSelector: { mediaType: CHART_LAYER, operation: 'copy' },
    },
  }));
}

/**
 * A Flux HelmRelease for one Helm release of a control plane.
 *
 * A failed installation or upgrade is tried again as it is: Flux' other strategy uninstalls in between, and to uninstall the base
 * chart is to delete Istio's CRDs with every object of theirs.
 *
 * @param after Name of the release that must be ready before, if there is one.
 */
export function fluxHelmRelease(
  settings: FluxSettings,
  release: ChartRelease,
  after: string | undefined,
): KubernetesObject<PlainData> {
  const { charts, version } = settings;
  const retry = { strategy: { name: 'RetryOnFailure' } };
  const sourceRef = { kind: 'HelmRepository', name: settings.repositoryName };
  return {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: release.releaseName, namespace: settings.namespace },
    spec: compact({
      interval: `${settings.intervalSeconds}s`,
      releaseName: release.releaseName,
      targetNamespace: release.namespace,
      storageNamespace: release.namespace,
      dependsOn: after === undefined ? undefined : [{ name: after }],
      chart: charts.oci ? undefined : { spec: { chart: release.chart, version, sourceRef } },
      chartRef: charts.oci ? { kind: 'OCIRepository', name: release.releaseName } : undefined,
      install: { createNamespace: true, ...retry },
      upgrade: retry,
      values: release.values,
    }),
  };
}
