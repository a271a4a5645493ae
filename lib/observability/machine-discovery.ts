/** EC2 instances by their tags. Prometheus needs the right `ec2:DescribeInstances`. */
export interface Ec2Discovery {
  /** Region, such as `eu-west-1`. */
  readonly region: string;

  /** Tags that the instances of the group have, and no others: such as `Name`, which VmAutoScalingGroup sets to the fleet's name. */
  readonly tags: Readonly<Record<string, string>>;

  /**
   * Role to take for reading instances, such as one of another account.
   * @default - Prometheus's own identity
   */
  readonly roleArn?: string;
}

/** Instances of Compute Engine in one zone. Prometheus needs the right `compute.instances.list`. */
export interface GceDiscovery {
  /** ID of the project. */
  readonly project: string;

  /** Zone, such as `europe-west1-b`; for several zones make a scrape configuration of each. */
  readonly zone: string;

  /**
   * What the instances of the group have in common, and no others: a filter of the Compute Engine API, such as
   * `labels.group=payment-service`.
   */
  readonly filter: string;
}

/** Azure virtual machines by their tags. Prometheus needs the role Reader, and takes its managed identity. */
export interface AzureDiscovery {
  /** ID of the subscription. */
  readonly subscriptionId: string;

  /** Resource group of the machines. */
  readonly resourceGroup: string;

  /** Tags that the machines of the group have, and no others. */
  readonly tags: Readonly<Record<string, string>>;

  /**
   * Client ID of the managed identity.
   * @default - the identity that the system has assigned
   */
  readonly clientId?: string;
}

/**
 * How Prometheus finds the machines of a group. WorkloadEntries are no role of its Kubernetes discovery, and EndpointSlices do not
 * contain them: machines that come and go are found where they are made, by the API of the cloud or by an inventory. That finds machines
 * that run and have not joined, too, which is what an alert is about.
 */
export class MachineDiscovery {
  /**
   * Machines with fixed addresses, IPv4 or IPv6.
   *
   * @param addresses At least one.
   */
  public static addresses(addresses: readonly string[]): MachineDiscovery {
    return new MachineDiscovery({ addresses });
  }

  /** EC2 instances that run and have all of the tags. */
  public static ec2(instances: Ec2Discovery): MachineDiscovery {
    return new MachineDiscovery({ ec2: instances });
  }

  /** Instances of Compute Engine that a filter selects. */
  public static gce(instances: GceDiscovery): MachineDiscovery {
    return new MachineDiscovery({ gce: instances });
  }

  /** Azure virtual machines, also those of scale sets, that have all of the tags. */
  public static azure(machines: AzureDiscovery): MachineDiscovery {
    return new MachineDiscovery({ azure: machines });
  }

  /**
   * Machines that an inventory writes to files that Prometheus reads and follows, each with the port: 15020, or 15090 for
   * MachineMetrics.ENVOY. For machines on premises. Paths in Prometheus's file system end in `.json`, `.yml` or `.yaml`; the last part may
   * have a `*`.
   *
   * @param files At least one path.
   */
  public static files(files: readonly string[]): MachineDiscovery {
    return new MachineDiscovery({ files });
  }

  /**
   * Machines that an inventory tells over HTTP in the form of Prometheus's HTTP discovery, each with the port: 15020, or 15090 for
   * MachineMetrics.ENVOY. For machines on premises.
   *
   * @param url Such as `https://inventory.acme.example/prometheus/payment-service`.
   */
  public static http(url: string): MachineDiscovery {
    return new MachineDiscovery({ http: url });
  }

  /** {@link MachineDiscovery.addresses} */
  declare public readonly addresses?: readonly string[];
  /** {@link MachineDiscovery.ec2} */
  declare public readonly ec2?: Ec2Discovery;
  /** {@link MachineDiscovery.gce} */
  declare public readonly gce?: GceDiscovery;
  /** {@link MachineDiscovery.azure} */
  declare public readonly azure?: AzureDiscovery;
  /** {@link MachineDiscovery.files} */
  declare public readonly files?: readonly string[];
  /**
   * {@link MachineDiscovery.http}
   * @argsDoc URL of an inventory that tells of machines in the form of Prometheus's HTTP discovery, each with the port: 15020, or 15090 for
   * MachineMetrics.ENVOY. For machines on premises.
   */
  declare public readonly http?: string;

  private constructor(choice: MachineDiscovery) {
    Object.assign(this, choice);
  }
}

/** Which metrics of a machine Prometheus takes. */
export enum MachineMetrics {
  /** Those of the agent, of Envoy and of the application together, on port 15020. Alerts and dashboard need them. */
  MERGED = 'MERGED',
  /**
   * Those of Envoy alone, on port 15090. Take one of the two: with a scrape configuration of each the dashboard counts every machine
   * twice.
   */
  ENVOY = 'ENVOY',
}
