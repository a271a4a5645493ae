import * as pulumi from '@pulumi/pulumi';
import { planTelemetry } from '../../observability/private/telemetry';
import shapes from '../../observability/shapes.json';
import { referOfControlPlane } from '../control-plane/control-plane-reference';
import { registerObjects } from '../core/register-objects';
import { planComponent } from '../machines/component-plan';
import type { TelemetryArgs } from './telemetry-args';

/**
 * What proxies tell of the calls of workloads: a Telemetry, that of the cdk8s construct of the same name. A group, machine, namespace
 * and the mesh has one at most.
 *
 * @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered.
 */
export class Telemetry extends pulumi.ComponentResource {
  /** Name of the Telemetry. */
  public readonly telemetryName!: pulumi.Output<string>;
  /** Namespace of the Telemetry: for the whole mesh that of the control plane. */
  public readonly namespace!: pulumi.Output<string>;

  public constructor(name: string, args: TelemetryArgs, options?: pulumi.ComponentResourceOptions) {
    const planned = planComponent(name, args, {
      component: 'Telemetry',
      shapes,
      plan: planTelemetry,
      refer: referOfControlPlane,
    });
    const { shape } = planned;
    super('meshvm:index:Telemetry', name, {}, options);
    registerObjects(this, name, planned, options, args.mesh);

    this.telemetryName = pulumi.output(shape.name);
    this.namespace = pulumi.output(shape.namespace);
    this.registerOutputs({ telemetryName: this.telemetryName, namespace: this.namespace });
  }
}
