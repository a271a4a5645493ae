import { SecurityGroup } from '@pulumi/aws/ec2';
import * as pulumi from '@pulumi/pulumi';
import { dependencies, registerObjects } from '../core/register-objects';
import type { ForwardingProxyGroupArgs } from './forwarding-proxy-args';
import { registerAutoScalingGroup } from './private/auto-scaling-group';
import { registerLaunchTemplate } from './private/launch-template';
import { resolveImage } from './private/machine-image';
import { registerMachineRole } from './private/machine-role';
import { planProxies, resolveLife, rulesProps } from './private/proxies';
import { registerLoadBalancer } from './private/proxy-load-balancer';
import { proxyRules } from './private/proxy-rules';
import { registerScaling } from './private/scaling';
import { registerRules } from './private/security-groups';

/**
 * EC2 machines that are all alike and pass calls on into the mesh for clients that can't: appliances, programs without TLS, networks that let
 * one port through. Each is an Envoy without a control plane with the identity of one ServiceAccount, as the cdk8s construct of the same
 * name; in AWS they are an EC2 Auto Scaling group behind an internal Network Load Balancer, with an IAM role and security groups.
 *
 * To the mesh all of their clients are one caller. Between clients and proxies there is plain text, or TLS with certificates (`clients`).
 *
 * All that an Envoy knows is in the user-data: another service, port or gateway replaces the machines, a few at a time, in an instance
 * refresh. A machine is healthy once its Envoy takes connections, for which it needs its certificate: the identity in it is `spiffeId`, the
 * IAM role (`roleArn`) is what Vault's `aws` auth method tells the machines by, and what fetches it is yours to say (`cloudConfig`). The role
 * has no permissions but those that you give it.
 *
 * Clients' names for the services are yours: records that lead to `address`.
 *
 * @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered.
 */
export class ForwardingProxyGroup extends pulumi.ComponentResource {
  /** Name of the group. */
  public readonly envoyName!: pulumi.Output<string>;
  /** Namespace of the identity. */
  public readonly namespace!: pulumi.Output<string>;
  /** ServiceAccount that stands for the proxies, and so for all of their clients, in the mesh. */
  public readonly serviceAccount!: pulumi.Output<string>;
  /** SPIFFE ID that the certificate of each proxy must carry. */
  public readonly spiffeId!: pulumi.Output<string>;
  /** The files that each Envoy reads, by their names in the folder of the configuration. Nothing in them is secret. */
  public readonly files!: pulumi.Output<Record<string, string>>;
  /** DNS name of the load balancer; empty with target groups of one's own. */
  public readonly address!: pulumi.Output<string>;
  /** Hosted zone of that name, for alias records; empty with target groups of one's own. */
  public readonly hostedZoneId!: pulumi.Output<string>;
  /** ARN of the load balancer; empty with target groups of one's own. */
  public readonly loadBalancerArn!: pulumi.Output<string>;
  /** ID of the load balancer's security group; empty with target groups of one's own. */
  public readonly loadBalancerSecurityGroupId!: pulumi.Output<string>;
  /** ARNs of the target groups that the proxies are in. */
  public readonly targetGroupArns!: pulumi.Output<string[]>;
  /** Name of the EC2 Auto Scaling group. */
  public readonly autoScalingGroupName!: pulumi.Output<string>;
  /** ARN of the EC2 Auto Scaling group. */
  public readonly autoScalingGroupArn!: pulumi.Output<string>;
  /** ID of the launch template. */
  public readonly launchTemplateId!: pulumi.Output<string>;
  /** Version of the launch template that machines start from. */
  public readonly launchTemplateVersion!: pulumi.Output<number>;
  /** ARN of the proxies' IAM role. */
  public readonly roleArn!: pulumi.Output<string>;
  /** Name of the proxies' IAM role, to give it what fetching the certificate needs. */
  public readonly roleName!: pulumi.Output<string>;
  /** ID of the proxies' security group. */
  public readonly securityGroupId!: pulumi.Output<string>;
  /** ID of the image that machines start from. */
  public readonly imageId!: pulumi.Output<string>;

  public constructor(name: string, args: ForwardingProxyGroupArgs, options?: pulumi.ComponentResourceOptions) {
    const life = resolveLife(name, args);
    const { planned, image: choice } = planProxies(name, args, life);
    const proxies = planned.shape;
    super('meshvm:index:ForwardingProxyGroup', name, {}, options);
    const { vpcId, tags, ssm = false, permissionsBoundary, securityGroupIds = [] } = args;
    const child = { parent: this, dependsOn: dependencies(options) };
    const objects = registerObjects(this, name, planned, options, args.mesh);
    const image = resolveImage(choice, child);
    const role = registerMachineRole(
      this,
      name,
      { lifecycle: false, ssm, permissionsBoundary, tags, description: `Forwarding proxies ${name}: their identity` },
      options,
    );

    const group = new SecurityGroup(
      `${name}-security-group`,
      { vpcId, description: 'Forwarding proxies: their clients, the gateways, and what they need themselves', tags },
      child,
    );
    const ownBalancer = args.targetGroupArns === undefined;
    const balancerGroup = ownBalancer
      ? new SecurityGroup(
          `${name}-load-balancer-security-group`,
          { vpcId, description: 'Load balancer of forwarding proxies: their clients', tags },
          child,
        )
      : undefined;
    const rules = registerRules(name, group, proxyRules(rulesProps(args, proxies, balancerGroup?.id)), tags, child);
    const balancer =
      balancerGroup &&
      registerLoadBalancer(
        this,
        name,
        args,
        { ports: proxies.listenPorts, securityGroupId: balancerGroup.id },
        options,
      );
    const targetGroupArns = args.targetGroupArns ?? (balancer?.targetGroups ?? []).map(({ arn }) => arn);

    const started = {
      description: pulumi.interpolate`Forwarding proxies: ${proxies.namespace}/${proxies.serviceAccount}`,
      userData: proxies.userData,
      image,
      role,
      securityGroupIds: [group.id, ...securityGroupIds],
    };
    const template = registerLaunchTemplate(this, name, args, started, options);
    const ready = [...Object.values(objects), ...role.ready, group, ...rules, ...(balancer?.ready ?? [])];
    const asg = registerAutoScalingGroup(this, name, args, { ...life, targetGroupArns }, template, ready, options);
    if (args.scaling !== undefined) registerScaling(this, name, asg, args.scaling);

    this.envoyName = pulumi.output(proxies.envoyName);
    this.namespace = pulumi.output(proxies.namespace);
    this.serviceAccount = pulumi.output(proxies.serviceAccount);
    this.spiffeId = pulumi.output(proxies.spiffeId);
    this.files = pulumi.output({ ...proxies.files });
    this.address = pulumi.output(balancer?.loadBalancer.dnsName ?? '');
    this.hostedZoneId = pulumi.output(balancer?.loadBalancer.zoneId ?? '');
    this.loadBalancerArn = pulumi.output(balancer?.loadBalancer.arn ?? '');
    this.loadBalancerSecurityGroupId = pulumi.output(balancerGroup?.id ?? '');
    this.targetGroupArns = pulumi.output(targetGroupArns);
    this.autoScalingGroupName = asg.name;
    this.autoScalingGroupArn = asg.arn;
    this.launchTemplateId = template.id;
    this.launchTemplateVersion = template.latestVersion;
    this.roleArn = role.role.arn;
    this.roleName = role.role.name;
    this.securityGroupId = group.id;
    this.imageId = image.imageId;
    this.registerOutputs({
      envoyName: this.envoyName,
      namespace: this.namespace,
      serviceAccount: this.serviceAccount,
      spiffeId: this.spiffeId,
      files: this.files,
      address: this.address,
      hostedZoneId: this.hostedZoneId,
      loadBalancerArn: this.loadBalancerArn,
      loadBalancerSecurityGroupId: this.loadBalancerSecurityGroupId,
      targetGroupArns: this.targetGroupArns,
      autoScalingGroupName: this.autoScalingGroupName,
      autoScalingGroupArn: this.autoScalingGroupArn,
      launchTemplateId: this.launchTemplateId,
      launchTemplateVersion: this.launchTemplateVersion,
      roleArn: this.roleArn,
      roleName: this.roleName,
      securityGroupId: this.securityGroupId,
      imageId: this.imageId,
    });
  }
}
