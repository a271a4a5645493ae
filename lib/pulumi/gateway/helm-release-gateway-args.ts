import type * as pulumi from '@pulumi/pulumi';
import type { GatewayExposureArgs } from './gateway-exposure-args';

/** Arguments of HelmReleaseGateway. */
export interface HelmReleaseGatewayArgs extends GatewayExposureArgs {
  /** Name of the release of Istio's chart `gateway`, which names the Service. */
  readonly releaseName: string;

  /**
   * Labels of the gateway's pods, when the chart's `labels` changed them.
   * @default - the chart's: app is the release's name, istio the same without "istio-"
   */
  readonly selectorLabels?: Record<string, pulumi.Input<string>>;
}
