import * as pulumi from '@pulumi/pulumi';
import { planMutualTls } from '../../access/private/mutual-tls';
import shapes from '../../access/shapes.json';
import { registerObjects } from '../core/register-objects';
import { planComponent } from '../machines/component-plan';
import type { MutualTlsArgs } from './mutual-tls-args';

/**
 * Whether workloads take plain text, or mutual TLS alone: a PeerAuthentication, that of the cdk8s construct of the same name. A group or
 * machine has one policy at most; it goes before that of the namespace, which goes before that of the mesh.
 *
 * The sidecar keeps the promise, and only while it runs: a machine whose sidecar is stopped, or not yet started, takes plain text on
 * every port that its application opens. On machines STRICT needs a firewall beside it.
 *
 * @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered.
 */
export class MutualTls extends pulumi.ComponentResource {
  /** Name of the PeerAuthentication. */
  public readonly policyName!: pulumi.Output<string>;
  /** Namespace of the PeerAuthentication: for the whole mesh that of the control plane. */
  public readonly namespace!: pulumi.Output<string>;

  public constructor(name: string, args: MutualTlsArgs, options?: pulumi.ComponentResourceOptions) {
    const planned = planComponent(name, args, { component: 'MutualTls', shapes, plan: planMutualTls });
    const { shape } = planned;
    super('meshvm:index:MutualTls', name, {}, options);
    registerObjects(this, name, planned, options, args.mesh);

    this.policyName = pulumi.output(shape.name);
    this.namespace = pulumi.output(shape.namespace);
    this.registerOutputs({ policyName: this.policyName, namespace: this.namespace });
  }
}
