/** Where Istio's Helm charts (`base`, `istiod`, `gateway`) are fetched from. */
export class ChartSource {
  /**
   * From Istio's own Helm repository, `https://blob.istio.io/istio-release/charts`. meshvm's tests don't fetch from it.
   *
   * The address is that of Istio's announcement of August 2026, under which the earlier one
   * (`istio-release.storage.googleapis.com/charts`) goes away in December 2026.
   */
  public static istioRelease(): ChartSource {
    return new ChartSource({ istioRelease: true });
  }

  /**
   * From Istio's own OCI registry, `ghcr.io/istio/release/charts`: charts of 1.31 and later, by the same announcement. meshvm's
   * tests don't fetch from it.
   */
  public static istioReleaseOci(): ChartSource {
    return new ChartSource({ istioReleaseOci: true });
  }

  /**
   * A Helm repository of yours, such as a mirror: the folder of `index.yaml`, such as `https://charts.example.com/istio`.
   * @param url http or https, without query and fragment.
   */
  public static helmRepository(url: string): ChartSource {
    return new ChartSource({ helmRepository: url });
  }

  /**
   * An OCI registry of yours, such as a mirror: registry and folder of the charts, without `oci://`, such as
   * `registry.example.com/istio/charts`.
   * @param location Without tag and the name of a chart.
   */
  public static ociRegistry(location: string): ChartSource {
    return new ChartSource({ ociRegistry: location });
  }

  /** {@link ChartSource.istioRelease} */
  declare public readonly istioRelease?: true;
  /** {@link ChartSource.istioReleaseOci} */
  declare public readonly istioReleaseOci?: true;
  /** {@link ChartSource.helmRepository} */
  declare public readonly helmRepository?: string;
  /** {@link ChartSource.ociRegistry} */
  declare public readonly ociRegistry?: string;

  private constructor(choice: ChartSource) {
    Object.assign(this, choice);
  }
}
