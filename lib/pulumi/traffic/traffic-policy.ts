import * as pulumi from '@pulumi/pulumi';
import { planTrafficPolicy } from '../../traffic/private/traffic-policy';
import shapes from '../../traffic/shapes.json';
import { registerObjects } from '../core/register-objects';
import { planComponent } from '../machines/component-plan';
import type { TrafficPolicyArgs } from './traffic-policy-args';

/**
 * How callers treat the endpoints of a host: limits, ejection of failing machines, load balancing, localities, TLS. One
 * DestinationRule for each host, that of the cdk8s construct of the same name, of which a program can have one alone: Istio would merge
 * several without a word. The rule has the name of the Service.
 *
 * Callers without a sidecar know nothing of it.
 *
 * @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered.
 */
export class TrafficPolicy extends pulumi.ComponentResource {
  /** Hosts that the policy is about. */
  public readonly hosts!: pulumi.Output<string[]>;
  /** Namespace of the DestinationRules. */
  public readonly namespace!: pulumi.Output<string>;

  public constructor(name: string, args: TrafficPolicyArgs, options?: pulumi.ComponentResourceOptions) {
    const planned = planComponent(name, args, { component: 'TrafficPolicy', shapes, plan: planTrafficPolicy });
    const { shape } = planned;
    super('meshvm:index:TrafficPolicy', name, {}, options);
    registerObjects(this, name, planned, options);

    this.hosts = pulumi.output([...shape.hosts]);
    this.namespace = pulumi.output(shape.namespace);
    this.registerOutputs({ hosts: this.hosts, namespace: this.namespace });
  }
}
