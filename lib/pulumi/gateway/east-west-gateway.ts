import type * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { planEastWestGateway } from '../../gateway/private/east-west-gateway';
import shapes from '../../gateway/shapes.json';
import { knownOutput } from '../core/known-output';
import { registerObjects } from '../core/register-objects';
import { planComponent } from '../machines/component-plan';
import type { EastWestGatewayArgs } from './east-west-gateway-args';

/**
 * The gateway that machines come through, with all it takes to run it: pods that the control plane injects, spread over nodes and
 * zones and scaled by load, a Service with a load balancer, and what the gateway lets in. Each Kubernetes object is a resource of its
 * own, and the objects are those of the cdk8s construct of the same name.
 *
 * Machines reach istiod on port 15012, and nothing else by default. The pods start only where istiod injects them: let the component
 * depend on the control plane when one program installs both.
 *
 * @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered.
 */
export class EastWestGateway extends pulumi.ComponentResource {
  /** Name of the Service whose address machines dial. */
  public readonly serviceName!: pulumi.Output<string>;
  /** Namespace of the gateway. */
  public readonly namespace!: pulumi.Output<string>;
  /**
   * IP address or host name of the load balancer, once the provider has made it. Empty for ports of the nodes, which have none of
   * their own.
   */
  public readonly address!: pulumi.Output<string>;
  /** Labels of the gateway's pods by which Services, Gateways and policies select them. */
  public readonly selectorLabels!: pulumi.Output<Record<string, string>>;

  public constructor(name: string, args: EastWestGatewayArgs, options?: pulumi.ComponentResourceOptions) {
    const planned = planComponent(name, args, { component: 'EastWestGateway', shapes, plan: planEastWestGateway });
    const { shape } = planned;
    super('meshvm:index:EastWestGateway', name, {}, options);
    const { Service } = registerObjects(this, name, planned, options, args.mesh);

    this.serviceName = knownOutput(shape.serviceName);
    this.namespace = knownOutput(shape.namespace);
    this.address = shape.addressed ? addressOf(Service as k8s.core.v1.Service) : pulumi.output('');
    this.selectorLabels = pulumi.output({ ...shape.selectorLabels });
    this.registerOutputs({
      serviceName: this.serviceName,
      namespace: this.namespace,
      address: this.address,
      selectorLabels: this.selectorLabels,
    });
  }
}

/** The provider waits for the address before it calls the Service ready. */
function addressOf(service: k8s.core.v1.Service): pulumi.Output<string> {
  return service.status.apply((status) => {
    const [ingress] = status?.loadBalancer?.ingress ?? [];
    return ingress?.ip ?? ingress?.hostname ?? '';
  });
}
