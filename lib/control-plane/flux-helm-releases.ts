import { Construct } from 'constructs';
import { emit } from '../core/emit';
import { namespace } from '../core/namespace';
import { Problems, rule } from '../core/problems';
import { checkDnsLabel } from '../core/values/names';
import type { ControlPlane } from './control-plane';
import { type FluxSettings, fluxHelmRelease, fluxSources } from './manifests/flux-helm-release';

const INTERVAL = rule({
  id: 'flux/interval',
  origin: 'meshvm',
  allowed: 'a whole number of seconds, at least 1',
  remedy: 'give such a number',
  source: 'fluxcd CRDs of HelmRelease and HelmRepository: a Go duration; with 0 Flux would never stop looking',
});

/** Properties of FluxHelmReleases. */
export interface FluxHelmReleasesProps {
  /** The control plane to install. */
  readonly controlPlane: ControlPlane;

  /**
   * Whether to install the chart `base`: CRDs that all control planes of a cluster share. Of several control planes in one cluster
   * only one installs it.
   * @default true
   */
  readonly installBase?: boolean;

  /**
   * Namespace of the Flux objects. Flux must be allowed to install from there into the control plane's namespace.
   * @default - the control plane's
   */
  readonly namespace?: string;

  /**
   * Whether to declare the control plane's Namespace, with the label of the mesh's network. Without it, give it the control plane's
   * `namespaceLabels` elsewhere.
   * @default - whether the chart base is installed
   */
  readonly createNamespace?: boolean;

  /**
   * How often Flux looks for changes of what it installed.
   * @default 600
   */
  readonly intervalSeconds?: number;
}

/**
 * A Flux HelmRelease for each of a control plane's Helm charts, each waiting for the one before, and the sources that they come from.
 * Needs helm-controller 1.4 and source-controller 1.6 or later, which come with Flux 2.7.
 *
 * @throws ValidationError with every problem of the properties.
 */
export class FluxHelmReleases extends Construct {
  /** Names of the HelmReleases in the order of installation. */
  public readonly releaseNames: readonly string[];

  public constructor(scope: Construct, id: string, props: FluxHelmReleasesProps) {
    super(scope, id);
    const { controlPlane } = props;
    const { mesh } = controlPlane;
    const settings = resolve(props);
    const installBase = props.installBase ?? true;

    const problems = new Problems();
    checkDnsLabel(problems, 'namespace', settings.namespace);
    const { intervalSeconds } = settings;
    if (!Number.isInteger(intervalSeconds) || intervalSeconds < 1) {
      problems.add(INTERVAL, 'intervalSeconds', intervalSeconds);
    }
    problems.throwIfAny(this.node.path);

    if (props.createNamespace ?? installBase) {
      emit(this, 'Namespace', namespace(mesh.controlPlaneNamespace, controlPlane.namespaceLabels));
    }
    const releases = controlPlane.releases.filter(({ chart }) => chart !== 'base' || installBase);
    this.releaseNames = releases.map(({ releaseName }) => releaseName);
    for (const source of fluxSources(settings, releases)) emit(this, `Source-${source.metadata.name}`, source);
    for (const [index, release] of releases.entries()) {
      emit(this, release.chart, fluxHelmRelease(settings, release, this.releaseNames[index - 1]));
    }
  }
}

function resolve(props: FluxHelmReleasesProps): FluxSettings {
  const { controlPlane } = props;
  const { mesh, revision } = controlPlane;
  return {
    namespace: props.namespace ?? mesh.controlPlaneNamespace,
    intervalSeconds: props.intervalSeconds ?? 600,
    charts: controlPlane.chartSource,
    version: mesh.istioVersion,
    repositoryName: revision === '' ? 'istio' : `istio-${revision}`,
  };
}
