import { Problems } from '../core/problems';
import type { Mesh } from '../mesh/mesh';
import { ChartSource } from './chart-source';
import type { ControlPlaneProps, ControlPlaneRelease, HelmValues } from './control-plane-props';
import type { ControlPlaneSettings } from './manifests/control-plane';
import { chartReleases } from './manifests/helm-values';
import { istioOperator } from './manifests/istio-operator';
import { checkControlPlane, resolveControlPlane } from './private/control-plane';

/**
 * What a cluster needs to accept machines, in the form that people install Istio with. A value: it creates nothing. Argo CD takes it
 * through ArgoCdApplications, Flux through FluxHelmReleases, Helm and istioctl as a file.
 *
 * @example
 * const controlPlane = new ControlPlane({ mesh });
 * writeFileSync('istiod.yaml', Yaml.stringify(controlPlane.helmValues.istiod));
 * @throws ValidationError with every problem of the properties.
 */
export class ControlPlane {
  /** The mesh of the control plane. */
  public readonly mesh: Mesh;
  /** Name of the revision; empty for the unrevisioned control plane. */
  public readonly revision: string;
  /** Revision tags that point to the control plane. */
  public readonly revisionTags: readonly string[];
  /** Where Argo CD and Flux fetch Istio's charts. */
  public readonly chartSource: ChartSource;

  private readonly settings: ControlPlaneSettings;

  public constructor(props: ControlPlaneProps) {
    const settings = resolveControlPlane(props);
    const problems = new Problems();
    checkControlPlane(problems, props, settings);
    problems.throwIfAny('ControlPlane');
    this.settings = settings;
    this.mesh = props.mesh;
    this.revision = settings.revision;
    this.revisionTags = settings.revisionTags;
    this.chartSource = props.chartSource ?? ChartSource.istioRelease();
  }

  /** The Helm releases in the order in which they must be installed: CRDs, istiod, and the gateway if there is one. */
  public get releases(): readonly ControlPlaneRelease[] {
    return chartReleases(this.settings).map((release) => ({ ...release, version: this.mesh.istioVersion }));
  }

  /** Values for `helm install`, by chart. The namespace needs `namespaceLabels`. */
  public get helmValues(): HelmValues {
    const values = new Map(this.releases.map(({ chart, values }) => [chart, values]));
    const gateway = values.get('gateway');
    return { base: values.get('base') ?? {}, istiod: values.get('istiod') ?? {}, ...(gateway && { gateway }) };
  }

  /**
   * Labels of the control plane's namespace: the network of endpoints that don't say theirs. `istioctl install` sets them when it
   * creates the namespace.
   */
  public get namespaceLabels(): Readonly<Record<string, string>> {
    return { 'topology.istio.io/network': this.mesh.network };
  }

  /**
   * The file for `istioctl install -f`, as plain data; take istioctl of the mesh's Istio version. It is no object for the cluster:
   * Istio has no operator there any more, and `kubectl apply` of it fails.
   */
  public istioOperator(): Readonly<Record<string, unknown>> {
    return { ...istioOperator(this.settings) };
  }
}
