import { Construct } from 'constructs';
import { emitAll } from '../core/emit';
import { placeOf } from '../core/place';
import { readSpec } from '../core/spec/spec';
import type { Mesh } from '../mesh/mesh';
import type { EastWestGatewayProps, HelmReleaseGatewayProps, IEastWestGateway } from './east-west-gateway-props';
import { planEastWestGateway, planHelmReleaseGateway } from './private/east-west-gateway';
import shapes from './shapes.json';

/**
 * The gateway that machines come through, with all it takes to run it: pods that the control plane injects, spread over nodes and
 * zones and scaled by load, a Service with a load balancer, and what the gateway lets in.
 *
 * Machines reach istiod on port 15012, and nothing else by default.
 *
 * @example
 * new EastWestGateway(chart, 'gateway', { mesh, loadBalancer: LoadBalancer.awsNlb() });
 * @throws ValidationError with every problem of the properties.
 */
export class EastWestGateway extends Construct implements IEastWestGateway {
  /**
   * A gateway that Istio's chart `gateway` installed: only what it lets in is emitted. To expose services, install it with
   * `networkGateway` set to the mesh's network; otherwise leave that empty and list 15021 and 15012 in `service.ports`.
   *
   * @throws ValidationError with every problem of the properties.
   */
  public static fromHelmRelease(scope: Construct, id: string, props: HelmReleaseGatewayProps): IEastWestGateway {
    return new HelmReleaseGateway(scope, id, props);
  }

  /** The mesh whose gateway this is. */
  public readonly mesh: Mesh;
  /** Namespace of the gateway. */
  public readonly namespace: string;
  /** Name of the Service whose address machines dial. */
  public readonly serviceName: string;
  /** Labels of the gateway's pods by which Services, Gateways and policies select them. */
  public readonly selectorLabels: Readonly<Record<string, string>>;

  public constructor(scope: Construct, id: string, props: EastWestGatewayProps) {
    super(scope, id);
    const spec = readSpec(this.node.path, props, shapes, 'EastWestGatewayProps');
    const planned = planEastWestGateway(spec, placeOf(this));

    this.mesh = spec.mesh;
    this.namespace = planned.namespace;
    this.serviceName = planned.serviceName;
    this.selectorLabels = planned.selectorLabels;

    emitAll(this, planned.objects);
  }
}

class HelmReleaseGateway extends Construct implements IEastWestGateway {
  public readonly mesh: Mesh;
  public readonly namespace: string;
  public readonly serviceName: string;
  public readonly selectorLabels: Readonly<Record<string, string>>;

  public constructor(scope: Construct, id: string, props: HelmReleaseGatewayProps) {
    super(scope, id);
    const spec = readSpec(this.node.path, props, shapes, 'HelmReleaseGatewayProps');
    const planned = planHelmReleaseGateway(spec, placeOf(this));

    this.mesh = spec.mesh;
    this.namespace = planned.namespace;
    this.serviceName = planned.serviceName;
    this.selectorLabels = planned.selectorLabels;

    emitAll(this, planned.objects);
  }
}
