import * as pulumi from '@pulumi/pulumi';
import type { MeshVmGroup } from '../groups/mesh-vm-group';
import { registerAutoScalingGroup } from './private/auto-scaling-group';
import { planMachines, registerMachines } from './private/ec2-machines';
import { hasHooks, lifecycleOf, resolveFleet } from './private/fleet';
import { checkFleet } from './private/fleet-checks';
import { registerLaunchTemplate } from './private/launch-template';
import { groupOf, rememberGroup } from './private/machine-group';
import { registerScaling } from './private/scaling';
import type { VmAutoScalingGroupArgs } from './vm-auto-scaling-group-args';

/**
 * A fleet of EC2 machines that join the mesh by themselves: a MeshVmGroup (getter `group`), and in AWS the launch template, the EC2
 * Auto Scaling group, the IAM role that the cluster takes the machines for, and their security group.
 *
 * A machine is in service when it is healthy in the mesh, and leaves its Services before it goes. A change of user-data, image or
 * instance type replaces the machines in an instance refresh that keeps the fleet serving, and turns back when new machines don't join.
 *
 * @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered.
 */
export class VmAutoScalingGroup extends pulumi.ComponentResource {
  /** Name of the EC2 Auto Scaling group. */
  public readonly autoScalingGroupName!: pulumi.Output<string>;
  /** ARN of the EC2 Auto Scaling group. */
  public readonly autoScalingGroupArn!: pulumi.Output<string>;
  /** ID of the launch template. */
  public readonly launchTemplateId!: pulumi.Output<string>;
  /** Version of the launch template that machines start from. */
  public readonly launchTemplateVersion!: pulumi.Output<number>;
  /** ARN of the machines' IAM role. */
  public readonly roleArn!: pulumi.Output<string>;
  /** Name of the machines' IAM role, to give the application permissions of its own. */
  public readonly roleName!: pulumi.Output<string>;
  /** ID of the machines' security group. */
  public readonly securityGroupId!: pulumi.Output<string>;
  /** ID of the image that machines start from. */
  public readonly imageId!: pulumi.Output<string>;
  /** Namespace of the group. */
  public readonly namespace!: pulumi.Output<string>;
  /** Name of the WorkloadGroup. */
  public readonly groupName!: pulumi.Output<string>;
  /** ServiceAccount that stands for the machines in the mesh. */
  public readonly serviceAccount!: pulumi.Output<string>;
  /** Labels of the machines, which policies select them by. */
  public readonly labels!: pulumi.Output<Record<string, string>>;
  /** Host of the group's first Service inside the cluster; empty without Services. */
  public readonly host!: pulumi.Output<string>;
  /** SPIFFE identity of the machines. */
  public readonly spiffeId!: pulumi.Output<string>;

  public constructor(name: string, args: VmAutoScalingGroupArgs, options?: pulumi.ComponentResourceOptions) {
    const fleet = resolveFleet(name, args);
    const types = (args.instanceTypes ?? []).map((type, index) => ({ path: `instanceTypes[${index}]`, type }));
    const planned = planMachines('VmAutoScalingGroup', name, args, types, lifecycleOf(fleet), (problems) =>
      checkFleet(problems, args, fleet),
    );
    super('meshvm:index:VmAutoScalingGroup', name, {}, options);
    const { autoScalingGroupName } = fleet;
    const machines = registerMachines(this, name, planned, { autoScalingGroupName, hooks: hasHooks(fleet) }, options);
    const { group, role, image, securityGroupId, securityGroupIds } = machines;
    const description = pulumi.interpolate`Machines of the mesh: ${group.namespace}/${group.groupName}`;
    const started = { description, userData: group.userData, image, role, securityGroupIds };
    const template = registerLaunchTemplate(this, name, args, started, options);
    const asg = registerAutoScalingGroup(this, name, args, fleet, template, machines.ready, options);
    if (args.scaling !== undefined) registerScaling(this, name, asg, args.scaling);

    rememberGroup(this, name, group);
    this.autoScalingGroupName = asg.name;
    this.autoScalingGroupArn = asg.arn;
    this.launchTemplateId = template.id;
    this.launchTemplateVersion = template.latestVersion;
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
      autoScalingGroupName: this.autoScalingGroupName,
      autoScalingGroupArn: this.autoScalingGroupArn,
      launchTemplateId: this.launchTemplateId,
      launchTemplateVersion: this.launchTemplateVersion,
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

  /** The group of the mesh that the machines belong to. */
  public get group(): MeshVmGroup {
    return groupOf(this) as MeshVmGroup;
  }
}
