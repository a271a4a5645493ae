import * as pulumi from '@pulumi/pulumi';
import { planServiceEntry } from '../../service-entry/private/vm-service-entry';
import shapes from '../../service-entry/shapes.json';
import { registerObjects } from '../core/register-objects';
import { planComponent } from '../machines/component-plan';
import type { VmServiceEntryArgs } from './vm-service-entry-args';

/**
 * Names that are no Kubernetes Service, known to the mesh: a legacy DNS name of machines, or a host outside that machines or pods call; a
 * ServiceEntry, that of the cdk8s construct of the same name. For a name inside the cluster use the Services of a MeshVmGroup.
 *
 * @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered.
 */
export class VmServiceEntry extends pulumi.ComponentResource {
  /** Name of the ServiceEntry. */
  public readonly entryName!: pulumi.Output<string>;
  /** Namespace of the ServiceEntry. */
  public readonly namespace!: pulumi.Output<string>;
  /** DNS names. */
  public readonly hosts!: pulumi.Output<string[]>;

  public constructor(name: string, args: VmServiceEntryArgs, options?: pulumi.ComponentResourceOptions) {
    const planned = planComponent(name, args, { component: 'VmServiceEntry', shapes, plan: planServiceEntry });
    const { shape } = planned;
    super('meshvm:index:VmServiceEntry', name, {}, options);
    registerObjects(this, name, planned, options, args.mesh);

    this.entryName = pulumi.output(shape.name);
    this.namespace = pulumi.output(shape.namespace);
    this.hosts = pulumi.output([...shape.hosts]);
    this.registerOutputs({ entryName: this.entryName, namespace: this.namespace, hosts: this.hosts });
  }
}
