import type { ChartSource } from '../../../control-plane/chart-source';
import type { ExtensionProvider } from '../../../control-plane/extension-provider';
import { chartReleases } from '../../../control-plane/manifests/helm-values';
import { chartLocation } from '../../../control-plane/private/chart-source';
import { planControlPlane } from '../../../control-plane/private/control-plane';
import type { KubernetesObject } from '../../../core/kubernetes-object';
import { namespace } from '../../../core/namespace';
import type { Place } from '../../../core/place';
import type { PlainData } from '../../../core/plain-data';
import { ControlPlaneDelivery, type ControlPlaneSpelling } from '../control-plane-spelling';

/** All that a control plane consists of. */
export interface PlannedControlPlane {
  readonly objects: Readonly<Record<string, KubernetesObject>>;
  /** In the order of their installation. */
  readonly charts: readonly PlannedChart[];
  /** Whether the charts are rendered, rather than installed as releases. */
  readonly rendered: boolean;
  readonly namespace: string;
  readonly revision: string;
  readonly istiodHost: string;
  /** Its extension providers. */
  readonly providers: readonly ExtensionProvider[];
}

/** A chart, and where it comes from. */
export interface PlannedChart {
  /** `base`, `istiod` or `gateway`. */
  readonly id: string;
  /** What Helm calls the chart: its name in a repository, or the whole address in an OCI registry. */
  readonly chart: string;
  readonly repository: string | undefined;
  readonly version: string;
  readonly releaseName: string;
  readonly namespace: string;
  readonly values: PlainData;
}

/** From the spec to namespace and charts. @throws ValidationError with everything that is wrong. */
export function planInstallation(spec: ControlPlaneSpelling, place: Place): PlannedControlPlane {
  const { createNamespace = true, installBase = true, delivery, chartSource = {}, extensionProviders = [] } = spec;
  const settings = planControlPlane(spec, place);
  const labels = { 'topology.istio.io/network': settings.network };
  return {
    objects: createNamespace ? { Namespace: namespace(settings.namespace, labels) } : {},
    charts: chartReleases(settings)
      .filter(({ chart }) => installBase || chart !== 'base')
      .map(({ chart, ...release }) => ({
        ...release,
        ...addressOf(chartSource, chart),
        id: chart,
        version: settings.istioVersion,
      })),
    rendered: delivery === ControlPlaneDelivery.HelmTemplate,
    namespace: settings.namespace,
    revision: settings.revision,
    istiodHost: spec.mesh.istiodHost,
    providers: extensionProviders,
  };
}

/** Helm takes an address with a scheme for the chart itself, so an OCI registry is no repository to it. */
function addressOf(source: ChartSource, chart: string) {
  const { oci, location } = chartLocation(source);
  return oci ? { chart: `oci://${location}/${chart}`, repository: undefined } : { chart, repository: location };
}
