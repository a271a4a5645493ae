import * as pulumi from '@pulumi/pulumi';
import type { MeshVmGroup } from '../groups/mesh-vm-group';
import { planMachines, registerMachines } from './private/ec2-machines';
import { checkPlace, registerInstance } from './private/instance';
import { groupOf, rememberGroup } from './private/machine-group';
import type { VirtualMachineArgs } from './virtual-machine-args';

/**
 * One EC2 machine that joins the mesh by itself, in a MeshVmGroup of its own (getter `group`), with its IAM role and security group.
 *
 * Where one is not enough, or must not fail, a VmAutoScalingGroup keeps as many as are wanted.
 *
 * @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered.
 */
export class VirtualMachine extends pulumi.ComponentResource {
  /** ID of the EC2 instance. */
  public readonly instanceId!: pulumi.Output<string>;
  /** IPv4 address of the machine. */
  public readonly privateIp!: pulumi.Output<string>;
  /** ARN of the machine's IAM role. */
  public readonly roleArn!: pulumi.Output<string>;
  /** Name of the machine's IAM role, to give the application permissions of its own. */
  public readonly roleName!: pulumi.Output<string>;
  /** ID of the machine's security group. */
  public readonly securityGroupId!: pulumi.Output<string>;
  /** ID of the image that the machine starts from. */
  public readonly imageId!: pulumi.Output<string>;
  /** Namespace of the group. */
  public readonly namespace!: pulumi.Output<string>;
  /** Name of the WorkloadGroup. */
  public readonly groupName!: pulumi.Output<string>;
  /** ServiceAccount that stands for the machine in the mesh. */
  public readonly serviceAccount!: pulumi.Output<string>;
  /** Labels of the machine, which policies select it by. */
  public readonly labels!: pulumi.Output<Record<string, string>>;
  /** Host of the group's first Service inside the cluster; empty without Services. */
  public readonly host!: pulumi.Output<string>;
  /** SPIFFE identity of the machine. */
  public readonly spiffeId!: pulumi.Output<string>;

  public constructor(name: string, args: VirtualMachineArgs, options?: pulumi.ComponentResourceOptions) {
    const types = [{ path: 'instanceType', type: args.instanceType }];
    const planned = planMachines('VirtualMachine', name, args, types, undefined, (problems) =>
      checkPlace(problems, args),
    );
    super('meshvm:index:VirtualMachine', name, {}, options);
    const machines = registerMachines(this, name, planned, { hooks: false }, options);
    const instance = registerInstance(this, name, args, machines, options);

    const { group, role, image, securityGroupId } = machines;
    rememberGroup(this, name, group);
    this.instanceId = instance.id;
    this.privateIp = instance.privateIp;
    this.roleArn = role.role.arn;
    this.roleName = role.role.name;
    this.securityGroupId = securityGroupId;
    this.imageId = image.imageId;
    this.namespace = group.namespace;
    this.groupName = group.groupName;
    this.serviceAccount = group.serviceAccount;
    this.labels = group.labels;
    this.host = group.host;
    this.spiffeId = group.spiffeId;
    this.registerOutputs({
      instanceId: this.instanceId,
      privateIp: this.privateIp,
      roleArn: this.roleArn,
      roleName: this.roleName,
      securityGroupId: this.securityGroupId,
      imageId: this.imageId,
      namespace: this.namespace,
      groupName: this.groupName,
      serviceAccount: this.serviceAccount,
      labels: this.labels,
      host: this.host,
      spiffeId: this.spiffeId,
    });
  }

  /** The group of the mesh that the machine belongs to. */
  public get group(): MeshVmGroup {
    return groupOf(this) as MeshVmGroup;
  }
}
