import { Problems } from '../core/problems';
import { Registry } from '../core/registry';
import { readSpec } from '../core/spec/spec';
import type { Mesh } from '../mesh/mesh';
import { ChartSource } from './chart-source';
import type { ControlPlaneProps, ControlPlaneRelease, HelmValues } from './control-plane-props';
import type { ExtensionProvider } from './extension-provider';
import type { ControlPlaneSettings } from './manifests/control-plane';
import { chartReleases } from './manifests/helm-values';
import { istioOperator } from './manifests/istio-operator';
import { planControlPlane } from './private/control-plane';
import type { IControlPlane } from './reference';
import shapes from './shapes.json';

/**
 * What a cluster needs to accept machines, in the form that people install Istio with. A value: it creates nothing. Argo CD takes it
 * through ArgoCdApplications, Flux through FluxHelmReleases, Helm and istioctl as a file.
 *
 * @example
 * const controlPlane = new ControlPlane({ mesh });
 * writeFileSync('istiod.yaml', Yaml.stringify(controlPlane.helmValues.istiod));
 * @throws ValidationError with every problem of the properties.
 */
export class ControlPlane implements IControlPlane {
  /** The mesh of the control plane. */
  public readonly mesh: Mesh;
  /** Name of the revision; empty for the unrevisioned control plane. */
  public readonly revision: string;
  /** Revision tags that point to the control plane. */
  public readonly revisionTags: readonly string[];
  /** Where Argo CD and Flux fetch Istio's charts. */
  public readonly chartSource: ChartSource;
  /** Its extension providers, besides Istio's own. */
  public readonly extensionProviders: readonly ExtensionProvider[];

  private readonly settings: ControlPlaneSettings;

  public constructor(props: ControlPlaneProps) {
    const path = 'ControlPlane';
    const spec = readSpec(path, props, shapes, 'ControlPlaneProps');
    // A value stands in no program: its mesh is what others of the program have in common with it.
    const program = Registry.of(spec.mesh);
    this.settings = planControlPlane(spec, { path, problems: new Problems(), program });
    this.mesh = spec.mesh;
    this.revision = this.settings.revision;
    this.revisionTags = this.settings.revisionTags;
    this.chartSource = spec.chartSource ?? ChartSource.istioRelease();
    this.extensionProviders = spec.extensionProviders ?? [];
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
