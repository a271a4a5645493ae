import type * as pulumi from '@pulumi/pulumi';

/**
 * How Prometheus finds the machines of a group. Exactly one property must be set. WorkloadEntries are no role of its Kubernetes discovery,
 * and EndpointSlices do not contain them: machines that come and go are found where they are made, by the API of the cloud or by an
 * inventory. That finds machines that run and have not joined, too, which is what an alert is about.
 */
export interface MachineDiscoveryArgs {
  /**
   * Machines with fixed addresses, IPv4 or IPv6.
   * @default - another property is set
   */
  readonly addresses?: pulumi.Input<string>[];

  /**
   * EC2 instances that run and have all of the tags.
   * @default - another property is set
   */
  readonly ec2?: Ec2DiscoveryArgs;

  /**
   * Instances of Compute Engine that a filter selects.
   * @default - another property is set
   */
  readonly gce?: GceDiscoveryArgs;

  /**
   * Azure virtual machines, also those of scale sets, that have all of the tags.
   * @default - another property is set
   */
  readonly azure?: AzureDiscoveryArgs;

  /**
   * Files that an inventory writes and Prometheus follows, each target with its port: 15020, or 15090 for MachineMetrics.ENVOY. Paths in
   * Prometheus's file system that end in `.json`, `.yml` or `.yaml`; the last part may have a `*`.
   * @default - another property is set
   */
  readonly files?: pulumi.Input<string>[];

  /**
   * URL of an inventory that tells of machines in the form of Prometheus's HTTP discovery, each target with its port: 15020, or 15090 for
   * MachineMetrics.ENVOY.
   * @default - another property is set
   */
  readonly http?: pulumi.Input<string>;
}

/** EC2 instances by their tags. Prometheus needs the right `ec2:DescribeInstances`. */
export interface Ec2DiscoveryArgs {
  /** Region, such as `eu-west-1`. */
  readonly region: pulumi.Input<string>;

  /** Tags that the instances of the group have, and no others: such as `Name`, which VmAutoScalingGroup sets to the fleet's name. */
  readonly tags: Record<string, pulumi.Input<string>>;

  /**
   * Role to take for reading instances, such as one of another account.
   * @default - Prometheus's own identity
   */
  readonly roleArn?: pulumi.Input<string>;
}

/** Instances of Compute Engine in one zone. Prometheus needs the right `compute.instances.list`. */
export interface GceDiscoveryArgs {
  /** ID of the project. */
  readonly project: pulumi.Input<string>;

  /** Zone, such as `europe-west1-b`; for several zones make a scrape configuration of each. */
  readonly zone: pulumi.Input<string>;

  /**
   * What the instances of the group have in common, and no others: a filter of the Compute Engine API, such as
   * `labels.group=payment-service`.
   */
  readonly filter: pulumi.Input<string>;
}

/** Azure virtual machines by their tags. Prometheus needs the role Reader, and takes its managed identity. */
export interface AzureDiscoveryArgs {
  /** ID of the subscription. */
  readonly subscriptionId: pulumi.Input<string>;

  /** Resource group of the machines. */
  readonly resourceGroup: pulumi.Input<string>;

  /** Tags that the machines of the group have, and no others. */
  readonly tags: Record<string, pulumi.Input<string>>;

  /**
   * Client ID of the managed identity.
   * @default - the identity that the system has assigned
   */
  readonly clientId?: pulumi.Input<string>;
}
