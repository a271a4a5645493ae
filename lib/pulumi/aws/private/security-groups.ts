import { SecurityGroup } from '@pulumi/aws/ec2';
import { SecurityGroupEgressRule, SecurityGroupIngressRule } from '@pulumi/aws/vpc';
import * as pulumi from '@pulumi/pulumi';
import { dependencies } from '../../core/register-objects';
import type { ResolvedCluster } from './eks-cluster';
import { type Elsewhere, type Home, homeOf, providerOf } from './elsewhere';
import { lateProblem } from './reasons';
import {
  type ForeignGroup,
  type SecurityGroupRule,
  type SecurityGroupRulesProps,
  securityGroupRules,
} from './security-group-rules';

/** What machines' security group follows from. */
export interface SecurityGroupsProps
  extends Omit<SecurityGroupRulesProps, 'clusterSecurityGroupId' | 'clusterElsewhere'> {
  readonly cluster: Pick<ResolvedCluster, 'elsewhere'> & {
    readonly securityGroupId: pulumi.Input<string>;
    readonly vpcId: pulumi.Input<string>;
  };
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
  const planned = securityGroupRules({
    ...others,
    clusterSecurityGroupId: cluster.securityGroupId,
    clusterElsewhere: cluster.elsewhere,
  });
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
  const references = new References(child.parent);
  return Object.entries(planned).map(([id, rule]) => {
    const { direction, securityGroupId = group.id, peer = { securityGroupId: group.id }, foreign, ...range } = rule;
    const { securityGroupId: referenced, ...otherPeer } = peer;
    const isForeign = rule.peer === undefined;
    const referencedSecurityGroupId =
      foreign === undefined || referenced === undefined ? referenced : references.to(referenced, !isForeign, foreign);
    // Only the account of a security group can give it a rule.
    const owner = isForeign ? foreign?.elsewhere : undefined;
    const Rule = direction === 'ingress' ? SecurityGroupIngressRule : SecurityGroupEgressRule;
    return new Rule(
      `${name}-${id}`,
      {
        ...{ securityGroupId, ipProtocol: 'tcp', referencedSecurityGroupId, ...otherPeer, ...range, tags },
        region: owner?.region,
      },
      { ...child, ...providerOf(owner) },
    );
  });
}

/** How rules name security groups of another account. What can't be named makes its Output fail, once for each argument. */
class References {
  private readonly homes: { readonly elsewhere: Elsewhere; readonly home: Home }[] = [];
  private readonly pairs = new Map<string, pulumi.Output<{ readonly own: string; readonly foreign: string }>>();

  public constructor(private readonly parent: pulumi.Resource | undefined) {}

  /** The ID as a rule of the other of the two groups gives it. */
  public to(id: pulumi.Input<string>, isForeign: boolean, { elsewhere, path }: ForeignGroup): pulumi.Output<string> {
    const accounts = this.pairs.get(path) ?? this.accountsOf(elsewhere, path);
    this.pairs.set(path, accounts);
    return pulumi
      .all([id, accounts])
      .apply(([known, { own, foreign }]) => (own === foreign ? known : `${isForeign ? foreign : own}/${known}`));
  }

  private accountsOf(elsewhere: Elsewhere, path: string) {
    const [here, there] = [this.homeOf({}), this.homeOf(elsewhere)];
    return pulumi
      .all([here.accountId, here.region, there.accountId, there.region])
      .apply(([own, region, foreign, foreignRegion]) => {
        if (region === foreignRegion) return { own, foreign };
        const reason = `it is a security group of ${foreignRegion}, which no rule in ${region} can name`;
        throw lateProblem(path, `${reason}; name the peer by its addresses (cidrIpv4)`);
      });
  }

  private homeOf(elsewhere: Elsewhere): Home {
    const { provider, region } = elsewhere;
    const known = this.homes.find(
      (other) => other.elsewhere.provider === provider && other.elsewhere.region === region,
    );
    if (known !== undefined) return known.home;
    const home = homeOf(this.parent, elsewhere);
    this.homes.push({ elsewhere, home });
    return home;
  }
}
