import { SecurityGroup } from '@pulumi/aws/ec2';
import { SecurityGroupEgressRule, SecurityGroupIngressRule } from '@pulumi/aws/vpc';
import type * as pulumi from '@pulumi/pulumi';
import { dependencies } from '../../core/register-objects';
import { type SecurityGroupRule, type SecurityGroupRulesProps, securityGroupRules } from './security-group-rules';

/** What machines' security group follows from. */
export interface SecurityGroupsProps extends Omit<SecurityGroupRulesProps, 'clusterSecurityGroupId'> {
  readonly cluster: { readonly securityGroupId: pulumi.Input<string>; readonly vpcId: pulumi.Input<string> };
  /** VPC of the machines; the cluster's by default. */
  readonly vpcId?: pulumi.Input<string>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** The security group of machines. */
export interface MachineSecurityGroup {
  readonly machineSecurityGroupId: pulumi.Output<string>;
  /** What must be there before the first machine starts. */
  readonly ready: pulumi.Resource[];
}

/** Registers the machines' security group, its rules, and those that peers need to admit machines. */
export function registerSecurityGroups(
  parent: pulumi.ComponentResource,
  name: string,
  props: SecurityGroupsProps,
  options: pulumi.ComponentResourceOptions | undefined,
): MachineSecurityGroup {
  const { cluster, vpcId = cluster.vpcId, tags, ...others } = props;
  const child = { parent, dependsOn: dependencies(options) };
  const group = new SecurityGroup(
    `${name}-security-group`,
    { vpcId, description: 'Machines of the mesh: its own traffic, and what the machines need to join', tags },
    child,
  );
  const planned = securityGroupRules({ ...others, clusterSecurityGroupId: cluster.securityGroupId });
  const rules = registerRules(name, group, planned, tags, child);
  return { machineSecurityGroupId: group.id, ready: [group, ...rules] };
}

/** Registers rules of the machines' security group, and of their peers'. */
export function registerRules(
  name: string,
  group: SecurityGroup,
  planned: Readonly<Record<string, SecurityGroupRule>>,
  tags: SecurityGroupsProps['tags'],
  child: pulumi.CustomResourceOptions,
): readonly pulumi.Resource[] {
  return Object.entries(planned).map(([id, rule]) => {
    const { direction, securityGroupId = group.id, peer = { securityGroupId: group.id }, ...range } = rule;
    const { securityGroupId: referencedSecurityGroupId, ...otherPeer } = peer;
    const Rule = direction === 'ingress' ? SecurityGroupIngressRule : SecurityGroupEgressRule;
    return new Rule(
      `${name}-${id}`,
      { securityGroupId, ipProtocol: 'tcp', referencedSecurityGroupId, ...otherPeer, ...range, tags },
      child,
    );
  });
}
