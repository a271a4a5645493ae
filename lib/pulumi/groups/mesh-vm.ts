import * as pulumi from '@pulumi/pulumi';
import type { Place } from '../../core/place';
import type { MeshVmProps } from '../../groups/mesh-vm-props';
import { type PlannedMachine, planMeshVm } from '../../groups/private/mesh-vm';
import { withoutAwait } from '../core/await';
import { knownOutput } from '../core/known-output';
import { registerObjects } from '../core/register-objects';
import { planComponent } from '../machines/component-plan';
import { ownerSpec } from '../machines/owner-spelling';
import { rememberMember } from '../machines/references';
import type { MeshVmArgs } from './mesh-vm-args';
import type { MeshVmSpelling } from './mesh-vm-spelling';
import shapes from './shapes.json';

/**
 * One machine with a fixed address, and the Services over it: the objects of the cdk8s construct of the same name, but for the
 * annotation that MeshVmGroup names. For machines that come and go use MeshVmGroup.
 *
 * A fixed machine behind the Services of a group has the group's namespace, ServiceAccount and canonicalService, creates neither of
 * the first two, and has `services: []`.
 *
 * @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered.
 */
export class MeshVm extends pulumi.ComponentResource {
  /** Name of the WorkloadEntry. */
  public readonly machineName!: pulumi.Output<string>;
  /** Namespace of the machine. */
  public readonly namespace!: pulumi.Output<string>;
  /** ServiceAccount that the machine runs as. */
  public readonly serviceAccount!: pulumi.Output<string>;
  /** Labels of the machine. */
  public readonly labels!: pulumi.Output<Record<string, string>>;
  /** Hosts of the machine's Services inside the cluster. */
  public readonly serviceHosts!: pulumi.Output<string[]>;

  public constructor(name: string, args: MeshVmArgs, options?: pulumi.ComponentResourceOptions) {
    const planned = planComponent(name, args, {
      component: 'MeshVm',
      type: 'MeshVmSpelling',
      shapes,
      spelled: ownerSpec<MeshVmSpelling>,
      plan,
    });
    const { shape } = planned;
    super('meshvm:index:MeshVm', name, {}, options);
    rememberMember(this, name, shape.member);
    registerObjects(this, name, planned, options, args.mesh);

    this.machineName = knownOutput(shape.member.name);
    this.namespace = knownOutput(shape.member.namespace);
    this.serviceAccount = knownOutput(shape.member.serviceAccount);
    this.labels = pulumi.output({ ...shape.member.labels });
    this.serviceHosts = pulumi.output([...shape.serviceHosts]);
    this.registerOutputs({
      machineName: this.machineName,
      namespace: this.namespace,
      serviceAccount: this.serviceAccount,
      labels: this.labels,
      serviceHosts: this.serviceHosts,
    });
  }
}

function plan(spec: MeshVmProps, place: Place): PlannedMachine {
  const planned = planMeshVm(spec, place);
  return { ...planned, objects: withoutAwait(planned.objects) };
}
