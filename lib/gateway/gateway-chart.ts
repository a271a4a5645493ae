import type { IstiodExposure } from './istiod-exposure';
import type { LoadBalancer } from './load-balancer';
import type { ServiceExposure } from './service-exposure';

/**
 * An east-west gateway that Istio's own Helm chart installs, for clusters whose gateways are all installed so. The chart makes the
 * workload alone: what it exposes is declared by `EastWestGateway.fromHelmRelease`, with the same two properties. Where nothing
 * speaks for the chart, let EastWestGateway make the workload too.
 * @argsDoc An east-west gateway that Istio's own Helm chart installs, for clusters whose gateways are all installed so. The chart makes the
 * workload alone: what it exposes is declared by HelmReleaseGateway, with the same two properties. Where nothing speaks for the chart,
 * let EastWestGateway make the workload too.
 */
export interface GatewayChartProps {
  /** How machines and other networks reach the gateway. */
  readonly loadBalancer: LoadBalancer;

  /**
   * Name of the Helm release and of the gateway's objects. Label `istio` is the name without `istio-`.
   * @default 'istio-eastwestgateway'
   * @argsPlain
   */
  readonly name?: string;

  /**
   * Namespace of the gateway. One other than the control plane's must be there.
   * @default - the control plane's
   */
  readonly namespace?: string;

  /**
   * How machines are passed on to istiod: whether port 15017 is open.
   * @default IstiodExposure.istioApis()
   * @argsDefault - by Istio's own APIs
   */
  readonly exposeIstiod?: IstiodExposure;

  /**
   * Which services other networks may reach: whether port 15443 is open, and the Service carries the network's label.
   * @default ServiceExposure.none()
   * @argsDefault - none
   */
  readonly exposeServices?: ServiceExposure;

  /**
   * Further annotations of the Service.
   * @default {}
   */
  readonly serviceAnnotations?: Readonly<Record<string, string>>;

  /**
   * Pods that run at least.
   * @default 2
   */
  readonly minReplicas?: number;

  /**
   * Pods that run at most.
   * @default 5
   */
  readonly maxReplicas?: number;

  /**
   * Seconds that a pod which goes keeps serving, so that the load balancer has time to notice.
   * @default 30
   */
  readonly drainSeconds?: number;
}
