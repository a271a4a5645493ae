import * as pulumi from '@pulumi/pulumi';
import { planCanaryRelease } from '../../traffic/private/canary-release';
import shapes from '../../traffic/shapes.json';
import { registerObjects } from '../core/register-objects';
import { planComponent } from '../machines/component-plan';
import type { CanaryReleaseArgs } from './canary-release-args';

/**
 * The traffic of an application shared out among its versions: a DestinationRule with a subset for each version, and a VirtualService,
 * for each host; those of the cdk8s construct of the same name. Both have the name of the Service.
 *
 * On ports of TCP connections are shared out; all else is for HTTP and gRPC. Callers without a sidecar know nothing of it: theirs go to
 * any machine of any version. A share is one of all requests, not of users: use a cookie route for those.
 *
 * A version whose group has no healthy machine gets its share all the same, and callers get 503.
 *
 * @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered.
 */
export class CanaryRelease extends pulumi.ComponentResource {
  /** Hosts that the release is about. */
  public readonly hosts!: pulumi.Output<string[]>;
  /** Namespace of the objects. */
  public readonly namespace!: pulumi.Output<string>;

  public constructor(name: string, args: CanaryReleaseArgs, options?: pulumi.ComponentResourceOptions) {
    const planned = planComponent(name, args, { component: 'CanaryRelease', shapes, plan: planCanaryRelease });
    const { shape } = planned;
    super('meshvm:index:CanaryRelease', name, {}, options);
    registerObjects(this, name, planned, options);

    this.hosts = pulumi.output([...shape.hosts]);
    this.namespace = pulumi.output(shape.namespace);
    this.registerOutputs({ hosts: this.hosts, namespace: this.namespace });
  }
}
