import * as pulumi from '@pulumi/pulumi';
import { planHelmReleaseGateway } from '../../gateway/private/east-west-gateway';
import shapes from '../../gateway/shapes.json';
import { knownOutput } from '../core/known-output';
import { registerObjects } from '../core/register-objects';
import { planComponent } from '../machines/component-plan';
import type { HelmReleaseGatewayArgs } from './east-west-gateway-args';

/**
 * What a gateway that Istio's chart `gateway` installed lets in, such as that of a ControlPlane. To expose services, install it with
 * `networkGateway` set to the mesh's network; otherwise leave that empty and list 15021 and 15012 in `service.ports`.
 *
 * @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered.
 */
export class HelmReleaseGateway extends pulumi.ComponentResource {
  /** Name of the Service whose address machines dial. */
  public readonly serviceName!: pulumi.Output<string>;
  /** Namespace of the gateway. */
  public readonly namespace!: pulumi.Output<string>;
  /** Labels of the gateway's pods by which Services, Gateways and policies select them. */
  public readonly selectorLabels!: pulumi.Output<Record<string, string>>;

  public constructor(name: string, args: HelmReleaseGatewayArgs, options?: pulumi.ComponentResourceOptions) {
    const planned = planComponent(name, args, {
      component: 'HelmReleaseGateway',
      shapes,
      plan: planHelmReleaseGateway,
    });
    const { shape } = planned;
    super('meshvm:index:HelmReleaseGateway', name, {}, options);
    registerObjects(this, name, planned, options, args.mesh);

    this.serviceName = knownOutput(shape.serviceName);
    this.namespace = knownOutput(shape.namespace);
    this.selectorLabels = pulumi.output({ ...shape.selectorLabels });
    this.registerOutputs({
      serviceName: this.serviceName,
      namespace: this.namespace,
      selectorLabels: this.selectorLabels,
    });
  }
}
