import { namespace } from '../../core/namespace';
import type { DataPlace } from '../../core/place';
import { rule } from '../../core/problems';
import { isWhole } from '../../core/values/counts';
import { checkDnsLabel } from '../../core/values/names';
import type { FluxHelmReleasesProps } from '../flux-helm-releases-props';
import { type FluxSettings, fluxHelmRelease, fluxSources } from '../manifests/flux-helm-release';
import type { PlannedReleases } from './argo-cd-applications';
import { chartLocation } from './chart-source';

const INTERVAL = rule({
  id: 'flux/interval',
  origin: 'meshvm',
  allowed: 'a whole number of seconds, at least 1',
  remedy: 'give such a number',
  source: 'fluxcd CRDs of HelmRelease and HelmRepository: a Go duration; with 0 Flux would never stop looking',
});

/** From the spec to the objects. @throws ValidationError with everything that is wrong. */
export function planFluxHelmReleases(spec: FluxHelmReleasesProps, { path, problems }: DataPlace): PlannedReleases {
  const { controlPlane, installBase = true, createNamespace = installBase } = spec;
  const settings = resolveFlux(spec);
  checkDnsLabel(problems, 'namespace', settings.namespace);
  problems.check(INTERVAL, 'intervalSeconds', spec.intervalSeconds, (seconds) => isWhole(seconds, 1));
  problems.throwIfAny(path);

  const releases = controlPlane.releases.filter(({ chart }) => chart !== 'base' || installBase);
  const names = releases.map(({ releaseName }) => releaseName);
  const objects = [
    ...(createNamespace
      ? [['Namespace', namespace(controlPlane.mesh.controlPlaneNamespace, controlPlane.namespaceLabels)] as const]
      : []),
    ...fluxSources(settings, releases).map((source) => [`Source-${source.metadata.name}`, source] as const),
    ...releases.map((release, index) => [release.chart, fluxHelmRelease(settings, release, names[index - 1])] as const),
  ];
  return { objects: Object.fromEntries(objects), names };
}

function resolveFlux(props: FluxHelmReleasesProps): FluxSettings {
  const { controlPlane } = props;
  const { mesh, revision } = controlPlane;
  return {
    namespace: props.namespace ?? mesh.controlPlaneNamespace,
    intervalSeconds: props.intervalSeconds ?? 600,
    charts: chartLocation(controlPlane.chartSource),
    version: mesh.istioVersion,
    repositoryName: revision === '' ? 'istio' : `istio-${revision}`,
  };
}
