import type * as pulumi from '@pulumi/pulumi';

/** Where Istio's Helm charts (`base`, `istiod`, `gateway`) are fetched from. Exactly one property must be set. */
export interface ChartSourceArgs {
  /**
   * Set to true for Istio's own OCI registry, `ghcr.io/istio/release/charts`: charts of 1.31 and later. meshvm's tests don't fetch from
   * it.
   * @default - another property is set
   */
  readonly istioReleaseOci?: boolean;

  /**
   * A Helm repository of yours, such as a mirror: the folder of `index.yaml`, such as `https://charts.example.com/istio`.
   * @default - another property is set
   */
  readonly helmRepository?: pulumi.Input<string>;

  /**
   * An OCI registry of yours, such as a mirror: registry and folder of the charts, without `oci://`, such as
   * `registry.example.com/istio/charts`.
   * @default - another property is set
   */
  readonly ociRegistry?: pulumi.Input<string>;
}
