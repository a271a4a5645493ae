import { getCallerIdentityOutput } from '@pulumi/aws/getCallerIdentity';
import { getPartitionOutput } from '@pulumi/aws/getPartition';
import { getRegionOutput } from '@pulumi/aws/getRegion';
import { getServicePrincipalOutput } from '@pulumi/aws/getServicePrincipal';
import { InstanceProfile, Role, RolePolicy, RolePolicyAttachment } from '@pulumi/aws/iam';
import * as pulumi from '@pulumi/pulumi';
import { dependencies } from '../../core/register-objects';

/** What the IAM role of a group's machines depends on. */
export interface MachineRoleProps {
  /** Name of the machines' autoscaling group; needed with `lifecycle`. */
  readonly autoScalingGroupName?: string;
  /** Whether machines answer their group's lifecycle hooks. */
  readonly lifecycle: boolean;
  /** Whether machines can be managed by Systems Manager. */
  readonly ssm: boolean;
  /** ARN of the managed policy that bounds the role's permissions. */
  readonly permissionsBoundary?: pulumi.Input<string>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** What the role is for; the identity of machines that join by default. */
  readonly description?: string;
}

/** The IAM role of a group's machines. */
export interface MachineRole {
  readonly role: Role;
  readonly instanceProfile: InstanceProfile;
  /** What must be there before the first machine starts. */
  readonly ready: pulumi.Resource[];
}

/** An IAM policy document. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Principal?: { readonly Service: string };
  readonly Resource?: string;
}

/** Where ARNs of the machines' account lie. */
export interface ArnScope {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

/**
 * Registers the role of a group's machines. To join they need no permission at all: the proof of their identity is a signed
 * `GetCallerIdentity`, which everybody may call.
 *
 * Each group has a role of its own, because EKS knows one access entry for a role.
 */
export function registerMachineRole(
  parent: pulumi.ComponentResource,
  name: string,
  props: MachineRoleProps,
  options: pulumi.ComponentResourceOptions | undefined,
): MachineRole {
  const { autoScalingGroupName, lifecycle, ssm, permissionsBoundary, tags } = props;
  const { description = `Machines of ${name}: their identity towards EKS` } = props;
  const child = { parent, dependsOn: dependencies(options) };
  const principal = getServicePrincipalOutput({ serviceName: 'ec2' }, { parent }).name;
  const role = new Role(
    `${name}-role`,
    {
      description,
      assumeRolePolicy: principal.apply((service) => JSON.stringify(trustPolicy(service))),
      permissionsBoundary,
      tags,
    },
    child,
  );
  const instanceProfile = new InstanceProfile(`${name}-instance-profile`, { role: role.name, tags }, child);
  const ready: pulumi.Resource[] = [];
  if (lifecycle) {
    if (autoScalingGroupName === undefined)
      throw new Error(`${name}: lifecycle needs the name of the autoscaling group`);
    const policy = pulumi
      .all([
        getPartitionOutput({}, { parent }),
        getRegionOutput({}, { parent }),
        getCallerIdentityOutput({}, { parent }),
      ])
      .apply(([{ partition }, { region }, { accountId }]) =>
        JSON.stringify(lifecyclePolicy({ partition, region, accountId }, autoScalingGroupName)),
      );
    ready.push(new RolePolicy(`${name}-lifecycle-policy`, { role: role.name, policy }, child));
  }
  if (ssm) {
    const policyArn = getPartitionOutput({}, { parent }).partition.apply(ssmPolicyArn);
    ready.push(new RolePolicyAttachment(`${name}-ssm-policy`, { role: role.name, policyArn }, child));
  }
  return { role, instanceProfile, ready: [role, instanceProfile, ...ready] };
}

/**
 * Who may take the role: EC2 alone, for an instance that carries it. Were anybody else named here, he could choose the name of his
 * session, by which the cluster tells machines apart.
 */
export function trustPolicy(service: string): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: ['sts:AssumeRole'], Principal: { Service: service } }],
  };
}

/**
 * A machine may answer the lifecycle hooks of its own group, and of no other. IAM can not tell the group's machines apart here.
 * Upstream: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2autoscaling.html
 */
export function lifecyclePolicy(scope: ArnScope, autoScalingGroupName: string): PolicyDocument {
  const { partition, region, accountId } = scope;
  const group = `autoScalingGroup:*:autoScalingGroupName/${literal(autoScalingGroupName)}`;
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['autoscaling:CompleteLifecycleAction', 'autoscaling:RecordLifecycleActionHeartbeat'],
        Resource: `arn:${partition}:autoscaling:${region}:${accountId}:${group}`,
      },
    ],
  };
}

/** What Systems Manager's agent needs; managed by AWS. */
export function ssmPolicyArn(partition: string): string {
  return `arn:${partition}:iam::aws:policy/AmazonSSMManagedInstanceCore`;
}

/** Wildcards and variables of a policy, taken by the letter. */
function literal(text: string): string {
  return text.replace(/[*?$]/g, (character) => `\${${character}}`);
}
