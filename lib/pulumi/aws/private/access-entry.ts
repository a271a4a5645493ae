import { AccessEntry } from '@pulumi/aws/eks';
import type { Role } from '@pulumi/aws/iam';
import * as pulumi from '@pulumi/pulumi';
import { dependencies } from '../../core/register-objects';
import type { ResolvedCluster } from './eks-cluster';
import { providerOf } from './elsewhere';

export interface AccessEntryProps {
  readonly cluster: ResolvedCluster;
  readonly role: Role;
  /** Kubernetes group that the cluster takes the machines for. */
  readonly kubernetesGroup: pulumi.Input<string>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Makes the cluster take whoever carries the role for a member of the Kubernetes group. */
export function registerAccessEntry(
  parent: pulumi.ComponentResource,
  name: string,
  props: AccessEntryProps,
  options: pulumi.ComponentResourceOptions | undefined,
): AccessEntry {
  const { cluster, role, kubernetesGroup, tags } = props;
  return new AccessEntry(
    `${name}-access-entry`,
    {
      // Waits for the check of the mode: EKS's own refusal does not say what to do.
      clusterName: pulumi.all([cluster.name, cluster.authenticationMode]).apply(([clusterName]) => clusterName),
      principalArn: role.arn,
      type: 'STANDARD',
      kubernetesGroups: [kubernetesGroup],
      userName: pulumi.output(kubernetesGroup).apply(accessEntryUserName),
      tags,
      region: cluster.elsewhere?.region,
    },
    {
      parent,
      ...providerOf(cluster.elsewhere),
      dependsOn: dependencies(options),
      // EKS keeps the role's id: an entry is dead once a role of the same name has taken the place of the old one.
      replacementTrigger: role.uniqueId,
      // A principal has one entry in a cluster.
      deleteBeforeReplace: true,
    },
  );
}

/**
 * Name of a machine in the cluster's audit log: its session is named after the instance. EKS allows no name that begins with `system:`,
 * `eks:`, `aws:`, `amazon:` or `iam:`, and demands a colon before the session's name.
 * Upstream: https://docs.aws.amazon.com/eks/latest/userguide/set-custom-username.html
 */
export function accessEntryUserName(kubernetesGroup: string): string {
  return `vm:${kubernetesGroup}:{{SessionName}}`;
}
